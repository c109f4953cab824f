/** The lines of a file as an editor counts them: CRLF, LF and CR each end one; a byte order mark is not shown. */
export function fileLines(text: string): readonly string[] {
  return text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
}
