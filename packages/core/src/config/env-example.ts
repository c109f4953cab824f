import { VARIABLES, type Variable } from './variables.ts'

const HEADER = `# The environment of SigmaSight. Nothing here needs to be set for development.
# A variable that is set to nothing counts as unset; a bad value stops the program with its name.
# \`pnpm ops env\` prints the effective values.
`

/** The text of \`.env.example\`: every variable with its rule, default and meaning, commented out. */
export function envExample(): string {
  return [HEADER, ...Object.values(VARIABLES).map(block)].join('\n')
}

function block(variable: Variable): string {
  const { name, comment, rule, required, mask } = variable
  const requirement = required === undefined ? '' : ` Required when ${required.when}.`
  const secrecy = mask === undefined ? '' : ' Secret.'
  const rules = `${rule.text.charAt(0).toUpperCase()}${rule.text.slice(1)}.${requirement}${secrecy}`
  return `# ${comment}\n# ${rules}\n# ${name}=${variable.default ?? ''}\n`
}
