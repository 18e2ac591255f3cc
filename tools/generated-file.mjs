import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Writes a file that is made from the code, or, with `--check` on the command line, sees that it is what the code
 * makes; exit code 1 where it is not.
 * @param {string} name from the project's root
 * @param {string} text what the code makes
 * @param {string} remedy the command that writes it
 */
export function writeOrCheck(name, text, remedy) {
  const file = fileURLToPath(new URL(`../${name}`, import.meta.url));
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
    console.log(`${name} is written.`);
  } else if (read(file) === text) {
    console.log(`${name} is what the code makes.`);
  } else {
    console.error(`${name} is not what the code makes. Run: ${remedy}`);
    process.exitCode = 1;
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
