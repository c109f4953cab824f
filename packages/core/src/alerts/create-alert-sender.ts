import type { Clock } from '../clock/clock.ts'
import type { Database } from '../database/index.ts'
import { coerceError } from '../errors/index.ts'
import { redactText, type Logger } from '../logging/index.ts'
import type { Alert, Verdict } from './alert.ts'
import {
  claimAlert,
  claimRecovery,
  dropClaim,
  noteRecovered,
  noteSent,
  REPEAT_AFTER_HOURS,
  type AlertChange,
  type AlertState,
} from './alert-state.ts'
import { deliver, type HttpPorts } from './http-delivery.ts'
import { changeAlertState } from './store/change-alert-state.ts'
import { selectFiringAlerts } from './store/select-firing-alerts.ts'
import { alertMessage, recoveryMessage, type WebhookMessage } from './webhook-message.ts'

/** Tells operators of alerts, and of their end. Neither method ever throws: failures are logged. */
export interface AlertSender {
  /** Logs each alert and posts those that were not sent within six hours. */
  send(alerts: readonly Alert[]): Promise<void>
  /** Posts a recovery notice for those of the keys that are firing. */
  resolve(keys: readonly string[]): Promise<void>
}

export interface AlertSenderOptions extends HttpPorts {
  /** ALERT_WEBHOOK_URL; null = alerts are logged only, and none is remembered. */
  readonly webhookUrl: string | null
  readonly clock: Clock
  /** Where it is remembered what was sent, for all processes. */
  readonly database: Database
  readonly log: Logger
}

/** Sends what a judgement found, then the recoveries it shows. */
export async function sendVerdict(sender: AlertSender, { alerts, fine }: Verdict): Promise<void> {
  await sender.send(alerts)
  await sender.resolve(fine)
}

/**
 * Alerts by webhook, as JSON that Slack and Discord read. One process at a time sends a key; a delivery
 * that no attempt got through is logged, and the next occasion sends again. The rest of the same call is
 * then left for it too, since attempts take their time. When the database cannot say what was sent
 * before, an alert is sent nevertheless, by this process once in six hours.
 */
export function createAlertSender(options: AlertSenderOptions): AlertSender {
  return new Sender(options)
}

class Sender implements AlertSender {
  readonly #options: AlertSenderOptions
  /** Instants of what was sent without a memory in the database. */
  readonly #sentBlindly = new Map<string, number>()

  constructor(options: AlertSenderOptions) {
    this.#options = options
  }

  async send(alerts: readonly Alert[]): Promise<void> {
    const { log } = this.#options
    for (const { severity, ...alert } of alerts) {
      log[severity === 'critical' ? 'error' : 'warn']({ severity, ...redacted(alert) }, 'alert')
    }
    for (const alert of alerts) if (!(await this.#sendOne(alert))) return
  }

  async resolve(keys: readonly string[]): Promise<void> {
    const { database, log, webhookUrl } = this.#options
    if (keys.length === 0 || webhookUrl === null) return
    try {
      const firing = await selectFiringAlerts(database.db)
      for (const alert of firing) {
        if (keys.includes(alert.key) && !(await this.#resolveOne(webhookUrl, alert.key))) return
      }
    } catch (thrown) {
      log.error({ err: coerceError(thrown) }, 'alert_recovery_failed')
    }
  }

  /** False when the webhook did not take it. */
  async #sendOne(alert: Alert): Promise<boolean> {
    const { clock, log, webhookUrl } = this.#options
    if (webhookUrl === null) return true
    const { key } = alert
    const claim = await this.#tryChange(key, claimAlert(alert, clock.now()))
    if (claim === null) return true
    if (claim === 'unknown' && this.#wasSentBlindly(key)) return true
    const isSent = await this.#post(webhookUrl, key, alertMessage(alert))
    if (isSent) log.info({ key }, 'alert_sent')
    if (claim !== 'unknown') {
      await this.#tryChange(key, isSent ? noteSent(clock.now()) : dropClaim)
    } else if (isSent) {
      this.#sentBlindly.set(key, clock.now().toMillis())
    }
    return isSent
  }

  /** False when the webhook did not take it. */
  async #resolveOne(webhookUrl: string, key: string): Promise<boolean> {
    const { clock, log } = this.#options
    const claim = await this.#change(key, claimRecovery(clock.now()))
    if (claim === null || claim.state === 'resolved') return true
    const message = recoveryMessage(claim.title, claim.first_sent_at ?? 'unknown')
    const isSent = await this.#post(webhookUrl, key, message)
    if (isSent) log.info({ key }, 'alert_recovered')
    await this.#change(key, isSent ? noteRecovered(clock.now()) : dropClaim)
    return isSent
  }

  async #post(webhookUrl: string, key: string, message: WebhookMessage): Promise<boolean> {
    const { log } = this.#options
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    }
    const failure = await deliver(webhookUrl, init, this.#options)
    if (failure !== null) log.error({ key, reason: failure }, 'alert_not_delivered')
    return failure === null
  }

  #change(key: string, change: AlertChange): Promise<AlertState | null> {
    const { clock, database } = this.#options
    return changeAlertState(database, key, { change, now: clock.now() })
  }

  async #tryChange(key: string, change: AlertChange): Promise<AlertState | null | 'unknown'> {
    try {
      return await this.#change(key, change)
    } catch (thrown) {
      this.#options.log.error({ key, err: coerceError(thrown) }, 'alert_state_unavailable')
      return 'unknown'
    }
  }

  #wasSentBlindly(key: string): boolean {
    const at = this.#sentBlindly.get(key)
    const now = this.#options.clock.now().toMillis()
    return at !== undefined && now - at < REPEAT_AFTER_HOURS * 3_600_000
  }
}

/** The log hides secrets by itself; this keeps them out of loggers that do not. */
function redacted<A extends Pick<Alert, 'text'>>(alert: A): A {
  return { ...alert, text: redactText(alert.text) }
}
