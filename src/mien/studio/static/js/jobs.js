// @ts-check
/** Long jobs of the server: poll until they end, and cancel them when their signal is aborted. */

import { ApiError, call, get } from "./api.js";

/** @typedef {import("./types.js").Job} Job */

const ASK_EVERY_MS = 150;

let open = 0;

/** Mark the page while jobs are running, for code that waits for all of them. @param {number} change */
function count(change) {
  open += change;
  document.documentElement.toggleAttribute("data-busy", open > 0);
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Wait for a job.
 * @param {Job} job
 * @param {{signal?: AbortSignal, onProgress?: (job: Job) => void}} [options] aborting cancels the job
 * @returns {Promise<any>} its result
 * @throws {ApiError} if the job failed
 * @throws {DOMException} AbortError, if it was cancelled
 */
export async function finish(job, options = {}) {
  count(1);
  try {
    return await ended(job, options);
  } finally {
    count(-1);
  }
}

/** @param {Job} job @param {{signal?: AbortSignal, onProgress?: (job: Job) => void}} options */
async function ended(job, { signal, onProgress }) {
  let cancelled = false;
  while (job.state === "waiting" || job.state === "running") {
    onProgress?.(job);
    if (signal?.aborted && !cancelled) {
      cancelled = true;
      job = await (await call("DELETE", `/api/jobs/${job.id}`)).json();
      continue;
    }
    await pause(ASK_EVERY_MS);
    job = await get(`/api/jobs/${job.id}`);
  }
  onProgress?.(job);
  if (job.state === "cancelled") throw new DOMException("cancelled", "AbortError");
  if (job.error) throw new ApiError(job.error.kind, job.error.message);
  return job.result;
}
