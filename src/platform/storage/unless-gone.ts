import { NotFound } from '../errors/index.js';
import { ObjectMissing } from './object-storage.js';

/** What is read for somebody who asks for it. @throws NotFound where it was removed since its row was looked at */
export async function unlessGone<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw error instanceof ObjectMissing ? new NotFound('its bytes are gone') : error;
  }
}
