import { redactText } from '../logging/index.ts'
import type { Alert } from './alert.ts'

/** Discord takes no more. */
const LONGEST_TEXT = 2000

/** What both Slack and Discord accept; each reads its own field. */
export interface WebhookMessage {
  readonly text: string
  readonly content: string
  readonly allowed_mentions: { readonly parse: readonly never[] }
}

/** The message of an alert: severity and title, text, facts. */
export function alertMessage({ severity, title, text, facts }: Alert): WebhookMessage {
  const lines = Object.entries(facts).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}`],
  )
  return messageOf([`[${severity.toUpperCase()}] ${title}`, text, ...lines])
}

/** The notice that what was alerted before is fine again. */
export function recoveryMessage(title: string, firstSentAt: string): WebhookMessage {
  return messageOf([`[RECOVERED] ${title}`, `first alert: ${firstSentAt}`])
}

/**
 * Without secrets and e-mail addresses, and unable to call anybody: Slack reads `<!channel>` only when
 * it is not escaped, Discord `@everyone` only when mentions are allowed.
 */
function messageOf(lines: readonly string[]): WebhookMessage {
  const whole = redactText(lines.filter((line) => line !== '').join('\n'))
  const content = whole.length > LONGEST_TEXT ? `${whole.slice(0, LONGEST_TEXT - 3)}...` : whole
  const text = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return { text, content, allowed_mentions: { parse: [] } }
}
