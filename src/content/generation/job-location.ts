import type { RequestContext } from '../../platform/http/index.js';

/** Tells in `Location` where the job is found that `…/generate` has ordered, on whichever path that was. */
export function setJobLocation(context: RequestContext, jobId: string): void {
  context.setHeader('Location', `${context.path.replace(/\/[^/]+\/generate\/*$/, '')}/jobs/${jobId}`);
}
