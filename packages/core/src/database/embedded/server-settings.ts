import type { ServerAddress } from './server-address.ts'

/** What the embedded server runs with; written at each start, so that a newer program changes it. */
const SETTINGS: Readonly<Record<string, string>> = {
  // A crash of the machine may cost the running night, never what was committed.
  fsync: 'on',
  synchronous_commit: 'on',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  max_connections: '200',
  shared_buffers: '256MB',
  work_mem: '32MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  // No replicas: the shortest WAL.
  wal_level: 'minimal',
  max_wal_senders: '0',
  // Statements here are many and short, or one COPY: compiling them costs more than it saves.
  jit: 'off',
  random_page_cost: '1.1',
  log_line_prefix: '%m [%p] %a ',
  log_checkpoints: 'off',
}

/** The text of the settings file for a server that listens at the address. */
export function settingsFile(address: ServerAddress): string {
  const isSocket = address.host.startsWith('/')
  const listening = {
    port: String(address.port),
    listen_addresses: isSocket ? '' : address.host,
    unix_socket_directories: isSocket ? `"${address.host.replaceAll('"', '""')}"` : '',
  }
  const lines = Object.entries({ ...SETTINGS, ...listening }).map(
    ([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`,
  )
  return `${lines.join('\n')}\n`
}
