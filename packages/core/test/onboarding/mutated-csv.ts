/** A good file of so many rows. */
export function goodFile(rows: number, symbols: readonly string[]): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const symbol = symbols[i % symbols.length] ?? 'AAPL'
    const day = String(1 + (i % 28)).padStart(2, '0')
    return `${symbol},${i % 3 === 0 ? '-' : ''}${10 + i},${20 + i}.25,2025-01-${day}`
  })
  return ['Symbol,Quantity,Entry Price Per Share,Entry Date', ...lines, ''].join('\n')
}

/** Draws numbers from [0, 1). */
type Random = () => number
type Mutation = (text: string, random: Random) => string | Uint8Array<ArrayBuffer>

const encode = (text: string) => new TextEncoder().encode(text)

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}

/** The text with one of its cells replaced. */
function withCell(text: string, random: Random, cell: (value: string) => string): string {
  const lines = text.split('\n')
  const line = Math.floor(random() * (lines.length - 1))
  const cells = (lines[line] ?? '').split(',')
  const column = Math.floor(random() * cells.length)
  cells[column] = cell(cells[column] ?? '')
  return lines.with(line, cells.join(',')).join('\n')
}

function withBytes(text: string, at: number, bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  const before = encode(text.slice(0, at))
  const after = encode(text.slice(at))
  const whole = new Uint8Array(before.length + bytes.length + after.length)
  whole.set(before)
  whole.set(bytes, before.length)
  whole.set(after, before.length + bytes.length)
  return whole
}

/** What people, spreadsheets and transfers do to a file. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'byte order mark': (text) => `\ufeff${text}`,
  'UTF-16 little endian': (text) => Uint8Array.from(Buffer.from(`\ufeff${text}`, 'utf16le')),
  'UTF-16 without a mark': (text) => Uint8Array.from(Buffer.from(text, 'utf16le')),
  'UTF-16 big endian': (text) => Uint8Array.from(Buffer.from(`\ufeff${text}`, 'utf16le').swap16()),
  'Latin-1': (text, random) => withBytes(text, Math.floor(random() * text.length), [0xe4]),
  'a character cut in half': (text) => withBytes(text, text.length, [0xe2, 0x82]),
  'a zero byte': (text, random) => withBytes(text, Math.floor(random() * text.length), [0]),
  'line breaks of every kind': (text, random) =>
    text.replaceAll('\n', () => pick(random, ['\n', '\r\n', '\r', '\n\n', '\r\n\r\n'])),
  'a stray quotation mark': (text, random) => {
    const at = Math.floor(random() * text.length)
    return `${text.slice(0, at)}"${text.slice(at)}`
  },
  'quoted cells': (text) => text.replaceAll(/[^,\n]+/g, '"$&"'),
  'a line break inside of quotes': (text, random) =>
    withCell(text, random, (value) => `"${value}\r\n${value}"`),
  'a formula': (text, random) =>
    withCell(text, random, () => pick(random, ['=1+1', '+A1', '@SUM(A1)', '-2+3', '=cmd|calc'])),
  'a decimal comma': (text) => text.replaceAll('.', ','),
  'a quoted decimal comma': (text) =>
    text.replaceAll(/\d+\.\d+/g, (n) => `"${n.replace('.', ',')}"`),
  'thirty columns': (text) => text.replaceAll('\n', `${',x'.repeat(26)}\n`),
  'thirty empty columns': (text) => text.replaceAll('\n', `${','.repeat(26)}\n`),
  'a column without a name': (text) => text.replace(/,(?=[^,\n]*\n)/, ',,'),
  semicolons: (text) => text.replaceAll(',', ';'),
  tabs: (text) => text.replaceAll(',', '\t'),
  'a missing column': (text) => text.replaceAll(/,[^,\n]*(?=\n)/g, ''),
  'no header': (text) => text.slice(text.indexOf('\n') + 1),
  'a second header': (text) => `${text.slice(0, text.indexOf('\n') + 1)}${text}`,
  'columns in another order and case': (text) =>
    text
      .split('\n')
      .map((line) => line.toUpperCase().split(',').toReversed().join(','))
      .join('\n'),
  'comments and blanks': (text, random) =>
    text.replaceAll('\n', () => pick(random, ['\n', '\n# note, "x\n', '\n   \n', '\n,,,\n'])),
  'an empty cell': (text, random) => withCell(text, random, () => ''),
  'a huge cell': (text, random) => withCell(text, random, () => 'x'.repeat(50_000)),
  'a huge number': (text, random) => withCell(text, random, () => '9'.repeat(40)),
  'an unusual character': (text, random) =>
    withCell(
      text,
      random,
      (value) =>
        value + pick(random, ['\u00df', '\u200b', '\ud83d\ude00', '\u202e', '\u0000x', '\u00a0']),
    ),
  'an unusual date': (text, random) =>
    withCell(text, random, () =>
      pick(random, ['01/02/2025', '2025-13-01', '2025-02-30', '0000-00-00', '9999-12-31', '45678']),
    ),
  'a row twice': (text) => text + (text.split('\n')[1] ?? ''),
  'cut off': (text, random) => text.slice(0, Math.floor(random() * text.length)),
  'an endless line': (text) => text + 'x'.repeat(10_000_000 - text.length),
  'an endless comment': (text) => `${text}#${'x'.repeat(9_999_990 - text.length)}`,
  'commas without end': (text) => text + ','.repeat(5_000_000),
  'blank lines without end': (text) => text + '\r\n'.repeat(4_500_000),
  'rows without end': (text) => text + 'ALTO,1,1,2025-01-02\n'.repeat(450_000),
  empty: () => '',
  'another kind of file': (_text, random) =>
    pick(random, [
      'PK\u0003\u0004junk',
      '%PDF-1.7\n%\u00e2',
      '{"a": [1, 2]}',
      '<html><body>x</body></html>',
      '\u0089PNG',
    ]),
}

/** Mutations too large to be sent often. */
export const LARGE: ReadonlySet<string> = new Set([
  'an endless line',
  'an endless comment',
  'commas without end',
  'blank lines without end',
  'rows without end',
])

export interface MutatedFile {
  readonly name: string
  readonly content: Uint8Array<ArrayBuffer>
}

/** A good file changed by one mutation, or by two. */
export function mutate(
  text: string,
  random: Random,
  names: readonly string[] = Object.keys(MUTATIONS),
): MutatedFile {
  const chosen = random() < 0.5 ? [pick(random, names)] : [pick(random, names), pick(random, names)]
  let content: string | Uint8Array<ArrayBuffer> = text
  for (const name of chosen) {
    // What has become bytes stays as it is.
    if (typeof content === 'string') content = MUTATIONS[name]?.(content, random) ?? content
  }
  return {
    name: chosen.join(' + '),
    content: typeof content === 'string' ? encode(content) : content,
  }
}
