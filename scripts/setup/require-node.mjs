const oldest = [20, 19]

/** Ends the process with one clear line where Node is too old. */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return
  console.error(`Tideline needs Node ${oldest.join('.')} or newer; this is Node ${version}.`)
  process.exit(1)
}
