import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import type { Sample } from './exposition.ts'

/** A metric as an expression asks for it. */
export interface Selector {
  readonly metric: string
  readonly labels: readonly string[]
}

/** What an expression names. */
export interface Names {
  readonly selectors: readonly Selector[]
  /** Labels that results are grouped or joined by. */
  readonly groupedBy: readonly string[]
}

/** @throws Error where the expression is no PromQL */
export function namesIn(expr: string): Names {
  const selectors: Selector[] = []
  const groupedBy: string[] = []
  parse(expr)
    .cursor()
    .iterate((ref) => {
      if (ref.type.isError) throw new Error(`${expr}: no PromQL at ${ref.from}`)
      const { node } = ref
      if (ref.name === 'VectorSelector') selectors.push(selectorOf(node, expr))
      if (ref.name === 'GroupingLabels') {
        groupedBy.push(...node.getChildren('LabelName').map((label) => textOf(label, expr)))
      }
    })
  return { selectors, groupedBy }
}

type Value = number | readonly Sample[]

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
}

/**
 * The value of an expression over samples of one instant, for the part of PromQL that the rules use:
 * selectors, numbers, products, comparisons, `absent`.
 *
 * @throws Error for anything else, so that no rule goes unevaluated
 */
export function evaluate(expr: string, samples: readonly Sample[]): Value {
  namesIn(expr)
  const root = parse(expr).firstChild
  if (root === null) throw new Error('an empty expression')
  return valueOf(root, { expr, samples })
}

interface Scope {
  readonly expr: string
  readonly samples: readonly Sample[]
}

function valueOf(node: SyntaxNode, scope: Scope): Value {
  const { expr, samples } = scope
  switch (node.name) {
    case 'NumberDurationLiteral':
      return Number(textOf(node, expr))
    case 'VectorSelector':
      return select(node, scope)
    case 'BinaryExpr':
      return binary(node, scope)
    case 'FunctionCall': {
      const inner = node.getChild('FunctionCallBody')?.firstChild
      if (node.getChild('FunctionIdentifier')?.firstChild?.name !== 'Absent' || !inner) break
      const found = valueOf(inner, { expr, samples })
      return Array.isArray(found) && found.length === 0 ? [{ name: '', labels: {}, value: 1 }] : []
    }
  }
  throw new Error(`${textOf(node, expr)}: ${node.name} is not evaluated`)
}

function select(node: SyntaxNode, { expr, samples }: Scope): readonly Sample[] {
  const { metric } = selectorOf(node, expr)
  const matchers = matchersOf(node).map((matcher) => {
    const [label = '', value = ''] = textOf(matcher, expr).split(/="|"/)
    return [label, value] as const
  })
  return samples.filter(
    ({ name, labels }) =>
      name === metric && matchers.every(([label, value]) => labels[label] === value),
  )
}

function binary(node: SyntaxNode, scope: Scope): Value {
  const [left, operator, right] = [node.firstChild, node.firstChild?.nextSibling, node.lastChild]
  if (!left || !operator || !right) throw new Error('half an expression')
  const [a, b] = [valueOf(left, scope), valueOf(right, scope)]
  const sign = textOf(operator, scope.expr)
  if (sign === '*' && typeof a === 'number' && typeof b !== 'number') {
    return b.map((sample) => ({ ...sample, value: a * sample.value }))
  }
  const compare = COMPARISONS[sign]
  if (compare === undefined || typeof a === 'number') throw new Error(`${sign} is not evaluated`)
  return a.filter(({ labels, value }) => {
    if (typeof b === 'number') return compare(value, b)
    const other = b.find((sample) => JSON.stringify(sample.labels) === JSON.stringify(labels))
    return other !== undefined && compare(value, other.value)
  })
}

function parse(expr: string): SyntaxNode {
  return parser.parse(expr).topNode
}

function selectorOf(node: SyntaxNode, expr: string): Selector {
  const name = node.getChild('Identifier')
  if (name === null) throw new Error(`${textOf(node, expr)}: a selector without a name`)
  const labels = matchersOf(node).flatMap((matcher) => matcher.getChildren('LabelName'))
  return { metric: textOf(name, expr), labels: labels.map((label) => textOf(label, expr)) }
}

function matchersOf(node: SyntaxNode): readonly SyntaxNode[] {
  return node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
}

function textOf({ from, to }: SyntaxNode, expr: string): string {
  return expr.slice(from, to)
}
