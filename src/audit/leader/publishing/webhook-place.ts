import type { Place } from './place.js';

/** An address that each checkpoint is posted to. What comes is signed by its own content, so it carries no secret. */
export function webhookPlace(url: string): Place {
  const { origin, pathname } = new URL(url);
  return {
    kind: 'webhook',
    // a query, or a user in front, may be a secret of theirs
    name: origin + pathname,
    publish: async ({ line }, signal) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: line,
        redirect: 'error',
        signal,
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`The webhook answered ${answer.status}.`);
    },
  };
}
