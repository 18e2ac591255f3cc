import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../platform/config/index.js';
import { MasterSecrets } from '../platform/crypto/index.js';

/**
 * The master secret: configured, or made once and kept in the data directory, readable by its owner alone.
 * @param dataDir exists already
 */
export function loadMasterSecrets(config: Config, dataDir: string): MasterSecrets {
  return new MasterSecrets(config.secret ?? keptSecret(join(dataDir, 'secret')), config.secretPrevious);
}

function keptSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    // wx: of two first starts one writes, the other reads
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
