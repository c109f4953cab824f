/** Hands a file to the browser's downloads. */
export function saveFile({
  content,
  filename,
}: {
  readonly content: Blob
  readonly filename: string
}): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = filename
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 60_000)
}
