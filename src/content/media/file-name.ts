import { DECEPTIVE } from '../deceptive-characters.js';
import { ENDINGS, type MediaType } from './media-types.js';

const MOST_CHARACTERS = 200;
const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}]/u;

/** The name of a file as its sender has it, made one that may be kept. */
export function cleanName(given: string | undefined, type: MediaType): string {
  const clean = (given ?? '').toWellFormed().replace(DECEPTIVE, '').trim();
  const name = [...clean].slice(0, MOST_CHARACTERS).join('').trim();
  return VISIBLE.test(name) ? name : `file.${ENDINGS[type]}`;
}

/** Under which name a file is downloaded: whatever it is called, it ends as its type does, and is in no directory. */
export function downloadName(name: string, type: MediaType): string {
  const ending = `.${ENDINGS[type]}`;
  const base = name
    .replace(DECEPTIVE, '')
    .replace(/[/\\:*?"<>|]/g, '-')
    .replace(/^\.+/, '');
  const known = type === 'image/jpeg' ? /\.jpe?g$/i : new RegExp(`\\${ending}$`, 'i');
  return known.test(base) ? base : base + ending;
}
