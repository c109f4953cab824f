import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Stands between a program and its database, and counts what the program asks for. */
export interface StatementCounter extends AsyncDisposable {
  /** The database's address through the counter. */
  readonly url: string
  /** Round trips so far: each statement is one, BEGIN and COMMIT too. */
  statements(): number
  connections(): number
}

const QUERY = 'Q'.charCodeAt(0)
const SYNC = 'S'.charCodeAt(0)
/** A message's kind and its length, which counts itself. */
const HEAD_BYTES = 5

/** Opens one in front of a database. Source of the format: PostgreSQL manual, Message Formats. */
export async function countStatements(databaseUrl: string): Promise<StatementCounter> {
  let [statements, connections] = [0, 0]
  const server = createServer((client) => {
    connections += 1
    const upstream = connectTo(databaseUrl)
    const seen = watchMessages((kind) => {
      if (kind === QUERY || kind === SYNC) statements += 1
    })
    client.on('data', seen)
    client.setNoDelay(true).pipe(upstream.setNoDelay(true)).pipe(client)
    for (const socket of [client, upstream]) {
      socket.on('error', () => {
        client.destroy()
        upstream.destroy()
      })
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${port}`
  return {
    url: url.href,
    statements: () => statements,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((done) => {
        server.close(() => {
          done()
        })
      })
    },
  }
}

/** By TCP, or by the socket in the folder that the URL names as its host. */
function connectTo(databaseUrl: string): Socket {
  const { hostname, port } = new URL(databaseUrl)
  const host = decodeURIComponent(hostname)
  return host.startsWith('/')
    ? connect({ path: `${host}/.s.PGSQL.${port}` })
    : connect(Number(port), host)
}

/** Tells the kind of each message in a stream of chunks. The first message has none, only a length. */
function watchMessages(tell: (kind: number) => void): (chunk: Buffer) => void {
  let head = Buffer.alloc(0)
  let skip = 0
  let isFirst = true
  return (chunk) => {
    let rest = chunk
    for (;;) {
      const passed = Math.min(skip, rest.length)
      skip -= passed
      rest = rest.subarray(passed)
      const missing = (isFirst ? HEAD_BYTES - 1 : HEAD_BYTES) - head.length
      if (skip > 0 || rest.length === 0) return
      head = Buffer.concat([head, rest.subarray(0, missing)])
      rest = rest.subarray(missing)
      if (head.length < (isFirst ? HEAD_BYTES - 1 : HEAD_BYTES)) return
      if (!isFirst) tell(head[0] ?? 0)
      skip = head.readUInt32BE(isFirst ? 0 : 1) - (HEAD_BYTES - 1)
      isFirst = false
      head = Buffer.alloc(0)
    }
  }
}
