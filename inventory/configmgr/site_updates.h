/* SPDX-License-Identifier: MIT */
/*
 * What the site's node "Updates and Servicing" holds (ConfigMgr current branch): the objects of the
 * WMI class SMS_CM_UpdatePackages, as Get-CMSiteUpdate or Get-CimInstance gives them and
 * ConvertTo-Json, Export-Clixml, Export-Csv or ConvertTo-Csv writes them (also ';' and tab between,
 * also wmic /format:csv). UTF-8, UTF-16, or a code page. Properties:
 * learn.microsoft.com, "SMS_CM_UpdatePackages Server WMI Class"; not translated.
 *
 * A list proves what it says of a package and nothing of a KB that it does not name: it may have
 * been filtered, and updates are hidden once they are superseded (learn.microsoft.com, "Updates
 * and servicing for Configuration Manager"). One KB may have several packages, told apart by their
 * PackageGuid (one was revoked and published again). The SMS Provider may run on another
 * computer, so whatever a row names as computer is not the site server.
 *
 * PackageGuid and State must be among the properties: by these two it is recognised.
 */
#ifndef FP_CONFIGMGR_SITE_UPDATES_H
#define FP_CONFIGMGR_SITE_UPDATES_H

#include "inventory/base/arena.h"
#include "inventory/base/fact.h"

enum {
    FP_SITE_UPDATES_HEAD = 64 * 1024,            /* bytes of text in which it must show itself */
    FP_SITE_UPDATES_MAX = 4096,                  /* rows of one list; a site has some dozens */
    FP_SITE_UPDATES_SIZE_MAX = 16 * 1024 * 1024, /* bytes */
    FP_SITE_UPDATES_FIELD_MAX = 512              /* bytes of a field; a longer one is unreadable */
};

/* What a State means for the site server. */
typedef enum fp_site_update_stage {
    FP_SITE_UPDATE_UNKNOWN = 0,   /* no code, one without a published name, or UNKNOWN itself */
    FP_SITE_UPDATE_INSTALLED,     /* INSTALL_SUCCESS */
    FP_SITE_UPDATE_PENDING,       /* installed, in effect after a restart */
    FP_SITE_UPDATE_INSTALLING,    /* in one of the steps of the installation, or waiting for it */
    FP_SITE_UPDATE_FAILED,        /* the installation failed */
    FP_SITE_UPDATE_NOT_INSTALLED, /* in a step before the installation, or that one failed */
    FP_SITE_UPDATE_NOT_OFFERED,   /* hidden or not applicable: whether its content is installed,
                                     with another update perhaps, it does not say */
    FP_SITE_UPDATE_STAGES
} fp_site_update_stage;

const char *fp_site_update_stage_name(fp_site_update_stage stage); /* published: "installed" ... */
fp_site_update_stage fp_site_update_stage_of(uint32_t state);
/* "INSTALL_SUCCESS"; NULL: no published name. */
const char *fp_site_update_state_name(uint32_t state);

typedef struct fp_site_update {          /* as written in the list */
    fp_str name;                         /* never empty; "... Hotfix (KB<number>)" */
    fp_str package_guid;                 /* without braces; may be empty */
    fp_str full_version, client_version; /* or empty */
    fp_str released, updated;            /* DateReleased, LastUpdateTime; or empty */
    bool has_state;                      /* else it was not readable */
    uint32_t state;
    uint64_t line; /* where the row begins: 1, 2, ... in the file */
} fp_site_update;

typedef struct fp_site_updates {
    uint32_t item;
    fp_site_update *updates; /* in the order of the file */
    size_t count;
    bool complete; /* it ended well and every row of it was readable */
    fp_observations problems;
} fp_site_updates;

/* Is this, the beginning of a text in UTF-8, such a list? Cheap; looks at `head` only. */
bool fp_site_updates_probe(fp_str head);

/*
 * Reads one; `content` must outlive `out`. `code_page`: iconv name for text that is no Unicode, or
 * NULL. `item` is for origins. FP_OK also with problems; FP_FORMAT: no such list; FP_LIMIT: larger
 * than FP_SITE_UPDATES_SIZE_MAX; FP_UNSUPPORTED: no such code page; FP_NOMEM. `where` is a line.
 */
FP_MUST_CHECK fp_status fp_site_updates_read(fp_span content, uint32_t item, const char *code_page,
                                             fp_arena *arena, fp_site_updates *out, fp_diag *d);

fp_site_update_stage fp_site_update_stage_at(const fp_site_update *update);
/* Does its name hold this KB as a whole word? */
bool fp_site_update_names(const fp_site_update *update, uint64_t kb);

#endif
