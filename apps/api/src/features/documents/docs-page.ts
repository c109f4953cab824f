import type { OpenApiDocument } from '../../http/openapi.ts'

type Json = Readonly<Record<string, unknown>>

/** The OpenAPI document as one page of HTML: no script, nothing from elsewhere. */
export function docsPage({ info, paths, tags }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const sections = tags.map(({ name }) => {
    const own = operations.filter(({ operation }) => listOf(operation['tags']).includes(name))
    const items = own.map(({ path, method, operation }) => renderOperation(path, method, operation))
    return `<section id="${escape(name)}"><h2>${escape(name)}</h2>${items.join('')}</section>`
  })
  const links = tags.map(({ name }) => `<a href="#${escape(name)}">${escape(name)}</a>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)} API</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escape(info.title)} API</h1><p>${escape(info.description)}
The machine-readable form: <a href="/openapi.json">/openapi.json</a>.</p><nav>${links.join(' ')}</nav></header>
<main>${sections.join('\n')}</main>
</body>
</html>
`
}

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
nav a { margin-right: .6rem; white-space: nowrap; }
details { border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 6px; margin: .5rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
summary b { display: inline-block; min-width: 4.5rem; }
code { font-size: .9em; }
pre { overflow-x: auto; padding: .6rem; background: color-mix(in srgb, currentColor 7%, transparent); border-radius: 4px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; }
small { opacity: .75; }
`

const WHO: Readonly<Record<string, string>> = {
  none: 'anybody',
  user: 'whoever is logged in',
  admin: 'administrators',
}

function renderOperation(path: string, method: string, operation: Json): string {
  const { summary, description, requestBody, responses } = operation
  const who = WHO[textOf(operation['x-auth'])] ?? ''
  return `<details><summary><b>${method.toUpperCase()}</b> <code>${escape(path)}</code> <small>${escape(textOf(summary))}</small></summary>
<p>${escape(textOf(description))} <small>For ${who}.</small></p>
${renderParameters(listOf(operation['parameters']))}
${requestBody === undefined ? '' : `<h4>Body</h4>${renderContent(requestBody as Json)}`}
<h4>Answers</h4>${renderAnswers(responses as Json)}
</details>`
}

function renderParameters(parameters: readonly unknown[]): string {
  if (parameters.length === 0) return ''
  const rows = (parameters as readonly Json[]).map(
    ({ name, in: place, required, schema }) =>
      `<tr><td><code>${escape(textOf(name))}</code></td><td>${escape(textOf(place))}${required === true ? '' : ', optional'}</td><td><code>${escape(JSON.stringify(schema))}</code></td></tr>`,
  )
  return `<h4>Parameters</h4><table>${rows.join('')}</table>`
}

function renderAnswers(responses: Json): string {
  const rows = Object.entries(responses).map(([status, answer]) => {
    const { description } = answer as Json
    const content = /^2/.test(status) ? renderContent(answer as Json) : ''
    return `<tr><td>${escape(status)}</td><td>${escape(textOf(description))}${content}</td></tr>`
  })
  return `<table>${rows.join('')}</table>`
}

function renderContent({ content }: Json): string {
  return Object.entries((content ?? {}) as Json)
    .map(([type, spec]) => {
      const text = JSON.stringify((spec as Json)['schema'], null, 2)
      return `<p><small>${escape(type)}</small></p><pre>${escape(text)}</pre>`
    })
    .join('')
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
