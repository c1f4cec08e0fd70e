@echo off
rem SPDX-License-Identifier: MIT
rem
rem Collects evidence for fixproof on a ConfigMgr or SMS site server: Windows Server 2003 and later.
rem
rem     collect-evidence.cmd FOLDER [/catalog WSUSSCN2.CAB] [KB954474 ...]
rem
rem FOLDER must not exist: it is made, and nothing outside it is written. Run it as an administrator, in the
rem command prompt of the system's own architecture. A KB named here adds the installer's log of that name.
rem
rem What could not be taken is told at the end and recorded in FOLDER\collection.json, so that the report shows
rem it. What a line of collection.json calls [install] is the site server's installation folder.
setlocal EnableExtensions DisableDelayedExpansion

if "%~1"=="" goto :usage
if "%~1"=="/?" goto :usage
set "OUT=%~1"
if exist "%OUT%" (
    echo collect-evidence: %OUT% exists already: name a folder that does not
    exit /b 73
)
mkdir "%OUT%" 2>nul
if not exist "%OUT%\" (
    echo collect-evidence: cannot make the folder %OUT%
    exit /b 73
)
shift

set "CATALOG="
set "KBS="
:arguments
if "%~1"=="" goto :begin
set "WORD=%~1"
if /i "%WORD%"=="/catalog" (
    set "CATALOG=%~2"
    shift
) else if /i "%WORD:~0,2%"=="KB" (
    set "KBS=%KBS% %WORD%"
) else (
    rmdir "%OUT%"
    goto :usage
)
shift
goto :arguments

:begin
set "ITEMS=%OUT%\items.tmp"
set "FAILURES=%OUT%\failures.tmp"
set "ABSENCES=%OUT%\absences.tmp"
type nul >"%ITEMS%"
type nul >"%FAILURES%"
type nul >"%ABSENCES%"
set /a TAKEN=0
set /a FAILED=0
set /a ABSENT=0

rem A 32-bit command prompt on a 64-bit system sees the 32-bit view under the names of the other one.
if defined PROCESSOR_ARCHITEW6432 (
    echo collect-evidence: this is a 32-bit command prompt on a 64-bit system: use %SystemRoot%\Sysnative\cmd.exe
    call :failed "the registry" "a 32-bit command prompt on a 64-bit system shows the other view"
    goto :files
)

echo Registry
call :hive SOFTWARE
if not exist "%OUT%\SOFTWARE" call :export "HKLM\SOFTWARE" software.reg
rem What tells of a pending restart may be in memory only, and then no hive file has it.
if exist "%OUT%\SOFTWARE" (
    call :sign "HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending" reboot-pending.reg
    call :sign "HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update" auto-update.reg
)
call :export "HKLM\SYSTEM\CurrentControlSet\Control\Session Manager" session-manager.reg
call :export "HKLM\SYSTEM\CurrentControlSet\Control\ComputerName" computer-name.reg

:files
echo Files of the site server
call :find_install
if not defined INSTALL (
    call :failed "[install]" "the registry names no Installation Directory of a site server"
    goto :listings
)
for %%F in (wsyncmgr.log wsyncmgr.lo_ CMUpdate.log CMUpdate.lo_) do call :file Logs\%%F %%F
for %%F in (bin\i386\updatewuscatalog.exe bin\i386\reportinginstall.exe) do call :file %%F %%~nxF
for %%F in (bin\x64\smsprov.dll bin\x64\setupcore.dll) do call :file %%F %%~nxF
for %%K in (%KBS%) do call :file Logs\%%K.log %%K.log

:listings
for %%K in (%KBS%) do call :take "%SystemRoot%\%%K.log" "[windows]/%%K.log" windows-%%K.log
echo Files of WSUS
set "WSUS=%ProgramFiles%\Update Services\WebServices\ClientWebService\bin"
call :take "%WSUS%\Microsoft.UpdateServices.WebServices.Client.Dll" "[programs]/Update Services/WebServices/ClientWebService/bin/Microsoft.UpdateServices.WebServices.Client.Dll" Microsoft.UpdateServices.WebServices.Client.Dll
echo Listings of installed updates
call :listing "wmic qfe list full" wmic-qfe.txt wmic qfe list full
call :listing "systeminfo" systeminfo.txt systeminfo
if defined CATALOG call :take "%CATALOG%" "wsusscn2.cab" wsusscn2.cab
if defined SMS_ADMIN_UI_PATH call :site_updates

call :write_record
del "%ITEMS%" "%FAILURES%" "%ABSENCES%" 2>nul
echo.
echo %TAKEN% taken, %FAILED% failed, %ABSENT% not on this server.
echo Copy the folder %OUT% to where fixproof is, and run there: fixproof assess FOLDER
exit /b 0

:usage
echo Collects evidence for fixproof on a ConfigMgr or SMS site server.
echo.
echo     collect-evidence.cmd FOLDER [/catalog WSUSSCN2.CAB] [KB954474 ...]
echo.
echo FOLDER must not exist yet; nothing outside it is written. Run it as an administrator.
exit /b 64

rem ---- taking one thing --------------------------------------------------------------------------------

rem :taken PATH SOURCE
:taken
set /a TAKEN+=1
echo   taken    %~2
>>"%ITEMS%" echo %~1^|%~2
goto :eof

rem :failed SOURCE REASON
:failed
set /a FAILED+=1
echo   FAILED   %~1: %~2
>>"%FAILURES%" echo %~1^|%~2
goto :eof

rem :absent SOURCE: there is none on this server, which may well be right
:absent
set /a ABSENT+=1
echo   none     %~1
>>"%ABSENCES%" echo %~1
goto :eof

rem :hive NAME
:hive
reg save HKLM\%1 "%OUT%\%1" >nul 2>nul
if exist "%OUT%\%1" (
    call :taken %1 "HKLM/%1"
) else (
    call :failed "hive HKLM/%1" "reg save failed: is this an administrator's command prompt?"
)
goto :eof

rem :export KEY FILE
:export
set "KEY=%~1"
reg query "%KEY%" >nul 2>nul
if errorlevel 1 (
    call :failed "%KEY:\=/%" "no such key, or it cannot be read"
    goto :eof
)
reg export "%KEY%" "%OUT%\%2" >nul 2>nul
if exist "%OUT%\%2" (
    call :taken %2 "%KEY:\=/%"
) else (
    call :failed "%KEY:\=/%" "reg export failed"
)
goto :eof

rem :sign KEY FILE: where there is such a key
:sign
reg query "%~1" >nul 2>nul
if not errorlevel 1 call :export "%~1" %2
goto :eof

rem :find_install: "Full Version" is the site server's own, so its key's folder is that of the site.
:find_install
set "INSTALL="
call :install_of "HKLM\SOFTWARE\Microsoft\SMS\Setup"
if not defined INSTALL call :install_of "HKLM\SOFTWARE\Wow6432Node\Microsoft\SMS\Setup"
goto :eof

rem The name of the value has a blank in it, so its data are the fourth word and all behind it.
:install_of
for /f "tokens=3*" %%A in ('reg query %1 /v "Installation Directory" 2^>nul ^| find "REG_SZ"') do set "INSTALL=%%B"
goto :eof

rem :file PATH-BELOW-INSTALL NAME
:file
set "BELOW=%~1"
call :take "%INSTALL%\%BELOW%" "[install]/%BELOW:\=/%" %2
goto :eof

rem :take FILE SOURCE NAME
:take
if not exist %1 (
    call :absent %2
    goto :eof
)
copy /b %1 "%OUT%\%~3" >nul 2>nul
if exist "%OUT%\%~3" (
    call :taken %3 %2
) else (
    call :failed %2 "could not be copied"
)
goto :eof

rem :listing SOURCE FILE COMMAND...
:listing
set "LISTING=%~2"
set "SOURCE=%~1"
%3 %4 %5 %6 >"%OUT%\%LISTING%" 2>nul
call :keep_output "%SOURCE%" %LISTING%
goto :eof

rem :keep_output SOURCE FILE: some commands fail with exit status 0 and write nothing
:keep_output
if not errorlevel 1 for %%F in ("%OUT%\%2") do if not %%~zF==0 (
    call :taken %2 %1
    goto :eof
)
del "%OUT%\%2" 2>nul
call :failed %1 "the command failed or does not exist"
goto :eof

rem The one line that needs PowerShell: where ConfigMgr's cmdlets are.
:site_updates
powershell -NoProfile -Command "Import-Module (Join-Path (Split-Path $env:SMS_ADMIN_UI_PATH) 'ConfigurationManager.psd1'); Set-Location ((Get-PSDrive -PSProvider CMSite)[0].Name + ':'); Get-CMSiteUpdate -Fast | Select-Object Name,PackageGuid,State,FullVersion | ConvertTo-Json" >"%OUT%\site-updates.json" 2>nul
call :keep_output "Get-CMSiteUpdate" site-updates.json
goto :eof

rem ---- collection.json ---------------------------------------------------------------------------------

rem WMI's local time ends in its distance from UTC in minutes: 20080619204210.000000+120. Where there is no wmic
rem any more there is PowerShell.
:time
set "NOW="
for /f "skip=1" %%T in ('wmic os get LocalDateTime 2^>nul') do if not defined NOW set "NOW=%%T"
if defined NOW goto :local_time
for /f %%T in ('powershell -NoProfile -Command "[DateTime]::UtcNow.ToString('s') + 'Z'" 2^>nul') do set "NOW=%%T"
goto :eof
:local_time
rem A number that begins with 0 would be octal: the zeros go first.
set "BIAS=0"
for /f "delims=0 tokens=*" %%B in ("%NOW:~22%") do set "BIAS=%%B"
set /a HOURS=100+BIAS/60
set /a MINUTES=100+BIAS%%60
set "ZONE=%NOW:~21,1%%HOURS:~1%:%MINUTES:~1%"
set "NOW=%NOW:~0,4%-%NOW:~4,2%-%NOW:~6,2%T%NOW:~8,2%:%NOW:~10,2%:%NOW:~12,2%%ZONE%"
goto :eof

:write_record
call :time
set "RECORD=%OUT%\collection.json"
>"%RECORD%" echo {
>>"%RECORD%" echo   "schema": "fixproof/collection/v1",
>>"%RECORD%" echo   "host": "%COMPUTERNAME%",
if defined NOW (
    >>"%RECORD%" echo   "collected_at": "%NOW%",
) else (
    echo collect-evidence: the time is not known: add "collected_at" to %RECORD%
)
>>"%RECORD%" echo   "collector": "collect-evidence.cmd 1",
call :write_list items path source "%ITEMS%"
>>"%RECORD%" echo   ],
call :write_list failed source reason "%FAILURES%"
>>"%RECORD%" echo   ],
>>"%RECORD%" echo   "absent": [
set "LEAD= "
for /f "usebackq delims=" %%A in ("%ABSENCES%") do call :write_name "%%A"
>>"%RECORD%" echo   ]
>>"%RECORD%" echo }
goto :eof

rem :write_list NAME FIRST SECOND FILE: the list's entries, without its closing bracket
:write_list
>>"%RECORD%" echo   "%1": [
set "LEAD= "
for /f "usebackq tokens=1,2 delims=|" %%A in ("%~4") do call :write_entry %2 %3 "%%A" "%%B"
goto :eof

:write_entry
>>"%RECORD%" echo   %LEAD% { "%1": "%~3", "%2": "%~4" }
set "LEAD=,"
goto :eof

:write_name
>>"%RECORD%" echo   %LEAD% "%~1"
set "LEAD=,"
goto :eof
