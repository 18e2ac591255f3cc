/** The oldest Node that runs Gatehouse: `major.minor`. */
const OLDEST = [24, 9] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(
    `Gatehouse needs Node ${OLDEST.join('.')} or newer, this is ${process.versions.node}. "npm start" brings its own.`,
  );
  process.exit(1);
}
