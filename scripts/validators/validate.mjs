#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// node validate.mjs MODULES csaf|cyclonedx FILE...: says what is wrong with the files, by the validators
// installed in the folder MODULES; exit status 1 when something is.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const [modules, kind, ...files] = process.argv.slice(2)
const folder = resolve(modules)

const validators = {
  async csaf() {
    const lib = join(folder, '@secvisogram/csaf-validator-lib')
    const load = (name) => import(pathToFileURL(join(lib, name)))
    const { default: validate } = await load('validate.js')
    const tests = { ...(await load('schemaTests.js')), ...(await load('mandatoryTests.js')) }
    delete tests.csaf_2_0 // the strict one is among them
    return async (text) => {
      const result = await validate(Object.values(tests), JSON.parse(text))
      return result.tests.filter((t) => !t.isValid)
        .flatMap((t) => t.errors.map((e) => `${t.name} ${e.instancePath} ${e.message}`))
    }
  },
  async cyclonedx() {
    const require = createRequire(join(folder, 'x.js'))
    const { Spec, Validation } = require('@cyclonedx/cyclonedx-library')
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
    return async (text) => {
      const wrong = await validator.validate(text)
      return wrong === null ? [] : [JSON.stringify(wrong).slice(0, 500)]
    }
  },
}

const check = await validators[kind]()
let count = 0
for (const file of files) {
  for (const one of await check(readFileSync(file, 'utf8'))) {
    console.log(`${file}: ${one}`)
    count++
  }
}
process.exit(count ? 1 : 0)
