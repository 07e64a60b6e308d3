import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

// PostgreSQL refuses to run as root. As root its programs run as the user `postgres`, who is made when
// missing. That user may not be able to enter the folders where the project lies (/root is closed to
// others): then the programs get the one right that they lack, to pass through folders, and no more.

export interface SystemUser {
  uid: number
  gid: number
}

export interface Command {
  program: string
  args: string[]
  options: { uid?: number; gid?: number }
}

/** Undefined where we are not root: PostgreSQL runs as who we are. */
export function postgresUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const known = lookUp('postgres')
  if (known) return known
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'ignore' })
  } catch {
    // A system without useradd has other ways, and every system has nobody.
  }
  const user = lookUp('postgres') ?? lookUp('nobody')
  if (!user) throw new Error('PostgreSQL does not run as root, and no user postgres could be made for it.')
  return user
}

/** How to run a program as that user, who must reach the program and the folder of the data. */
export function commandAs(
  user: SystemUser | undefined,
  program: string,
  args: string[],
  dataFolder: string,
): Command {
  if (!user) return { program, args, options: {} }
  const closed = [dirname(program), dirname(resolve(dataFolder))]
    .map((folder) => closedFolder(folder, user))
    .find((folder) => folder !== undefined)
  if (closed === undefined) return { program, args, options: user }
  const right = passRight()
  if (right === undefined) {
    throw new Error(
      `As root, PostgreSQL runs as another user, who may not enter ${closed}. ` +
        `Allow it (chmod o+x ${closed}), keep project and data elsewhere, or set DATABASE_URL.`,
    )
  }
  // access(2), by which PostgreSQL looks for its own programs, heeds the right only with this bit.
  const bits = ['--securebits', '+no_setuid_fixup']
  const as = ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups', ...bits]
  return {
    program: 'setpriv',
    args: [...as, '--inh-caps', `+${right}`, '--ambient-caps', `+${right}`, program, ...args],
    options: {},
  }
}

/** The nearest folder on the way down that the user may not pass. */
function closedFolder(folder: string, { uid, gid }: SystemUser): string | undefined {
  for (let path = resolve(folder); ; path = dirname(path)) {
    if (existsSync(path)) {
      const info = statSync(path)
      const bit = info.uid === uid ? 0o100 : info.gid === gid ? 0o010 : 0o001
      if ((info.mode & bit) === 0) return path
    }
    if (path === dirname(path)) return undefined
  }
}

/** The narrower of the two rights that pass a closed folder, of those that we may hand on. */
function passRight(): string | undefined {
  try {
    execFileSync('setpriv', ['--version'], { stdio: 'ignore' })
    const held = BigInt(
      `0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`,
    )
    if (held & 4n) return 'dac_read_search'
    if (held & 2n) return 'dac_override'
  } catch {
    // Not Linux, or no setpriv.
  }
  return undefined
}

function lookUp(name: string): SystemUser | undefined {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}
