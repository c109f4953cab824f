type Json = Readonly<Record<string, unknown>>

const LOCAL = '#/$defs/'

/**
 * Moves the definitions that stand inside of schemas (`$defs`) to the components of an OpenAPI document, and has
 * the references point there. Schemas of one name must be one schema; what has no name of its own gets one.
 */
export function hoistDefinitions(paths: Json): { readonly paths: Json; readonly schemas: Json } {
  const schemas: Record<string, unknown> = {}
  let unnamed = 0
  const walk = (node: unknown, names: ReadonlyMap<string, string>): unknown => {
    if (Array.isArray(node)) return node.map((each) => walk(each, names))
    if (typeof node !== 'object' || node === null) return node
    const { $defs, ...rest } = node as Json
    const definitions = Object.entries(($defs ?? {}) as Json)
    const own = definitions.map(([name]): readonly [string, string] => {
      return [name, name.startsWith('__') ? `Schema${++unnamed}` : name]
    })
    const known = new Map([...names, ...own])
    for (const [name, definition] of definitions) {
      schemas[known.get(name) ?? name] ??= walk(definition, known)
    }
    const walked = Object.entries(rest).map(([key, value]) => {
      if (key !== '$ref' || typeof value !== 'string' || !value.startsWith(LOCAL)) {
        return [key, walk(value, known)] as const
      }
      const name = value.slice(LOCAL.length)
      return [key, `#/components/schemas/${known.get(name) ?? name}`] as const
    })
    return Object.fromEntries(walked)
  }
  return { paths: walk(paths, new Map()) as Json, schemas }
}
