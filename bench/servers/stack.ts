/** The embedded stack, real PostgreSQL and all, on a folder and a port; prints where it is and with which keys. */
import { startStack } from '../../local/stack.ts'

const [dataDir = '', port = '0'] = process.argv.slice(2)
const { url, publishableKey, secretKey, databaseUrl, stop } = await startStack({
  dataDir,
  port: Number(port),
  host: '127.0.0.1',
})
process.once('SIGTERM', () => void stop().then(() => process.exit(0)))
console.log(`ready ${JSON.stringify({ url, publishableKey, secretKey, databaseUrl })}`)
