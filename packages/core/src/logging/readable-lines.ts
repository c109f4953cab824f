/** The start of a line on a terminal: whatever stands there (a progress line) is wiped first. */
const WIPE = '\r\u001B[K'

/**
 * Turns JSON log lines into lines for a person, e.g.
 * `[2025-07-02 01:00:04] INFO: [batch] phase_result {"phase":"prices","processed":512}`;
 * the stack of an `err` follows indented. Times are UTC, the text is ASCII (anything else is
 * escaped), colours only on a terminal.
 */
export async function readableLines(isTerminal: boolean): Promise<(jsonLine: string) => string> {
  const { prettyFactory } = await import('pino-pretty')
  const pretty = prettyFactory({
    colorize: isTerminal,
    messageKey: 'message',
    translateTime: 'UTC:yyyy-mm-dd HH:MM:ss',
    ignore: 'module',
    messageFormat: '{if module}[{module}] {end}{message}',
    singleLine: true,
  })
  const start = isTerminal ? WIPE : ''
  return (jsonLine) => start + toAscii(pretty(jsonLine))
}

function toAscii(text: string): string {
  return text.replace(
    /\P{ASCII}/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
