// @ts-check
/** The server's routes. Every failure is an ApiError with a kind and one clear line. */

export class ApiError extends Error {
  /** @param {string} kind @param {string} message */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** @param {unknown} error */
export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{json?: unknown, body?: BodyInit, signal?: AbortSignal}} [options]
 * @returns {Promise<Response>}
 */
export async function call(method, path, { json, body, signal } = {}) {
  /** @type {RequestInit} */
  const request = { method, signal, cache: "no-store" };
  if (json !== undefined) {
    request.body = JSON.stringify(json);
    request.headers = { "Content-Type": "application/json" };
  } else if (body !== undefined) {
    request.body = body;
    request.headers = { "Content-Type": "application/octet-stream" };
  }
  let response;
  try {
    response = await fetch(path, request);
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError("Offline", "");
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

/** @param {Response} response */
async function errorOf(response) {
  try {
    const { error } = await response.json();
    return new ApiError(error.kind, error.message);
  } catch {
    return new ApiError("Internal", `HTTP ${response.status}`);
  }
}

/** @param {string} path @param {AbortSignal} [signal] @returns {Promise<any>} */
export async function get(path, signal) {
  return (await call("GET", path, { signal })).json();
}

/** @param {string} path @param {unknown} json @param {AbortSignal} [signal] @returns {Promise<any>} */
export async function post(path, json, signal) {
  const response = await call("POST", path, { json, signal });
  return response.status === 204 ? null : response.json();
}

/** @param {string} path @param {unknown} json @returns {Promise<any>} */
export async function put(path, json) {
  return (await call("PUT", path, { json })).json();
}

/** @param {string} path */
export async function remove(path) {
  await call("DELETE", path);
}

/** @param {string} path @param {Blob} file @param {AbortSignal} [signal] @returns {Promise<any>} */
export async function upload(path, file, signal) {
  return (await call("POST", path, { body: file, signal })).json();
}

/** @param {string} path @param {unknown} json @param {AbortSignal} [signal] */
export async function blob(path, json, signal) {
  return (await call("POST", path, { json, signal })).blob();
}

/**
 * Read a stream of pictures: for each, its length in four bytes (little-endian), then the picture.
 * @param {string} method
 * @param {string} path
 * @param {{json?: unknown, signal?: AbortSignal}} options
 * @returns {AsyncGenerator<Blob>}
 */
export async function* frames(method, path, options) {
  yield* framesOf(await call(method, path, options));
}

/** The pictures of a response with the format that `frames` reads. @param {Response} response @returns {AsyncGenerator<Blob>} */
export async function* framesOf(response) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  /** @type {Uint8Array[]} */
  let parts = [];
  let held = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parts.push(value);
    held += value.length;
    if (held < 4) continue;
    let bytes = joined(parts, held);
    while (bytes.length >= 4) {
      const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
      if (bytes.length < 4 + length) break;
      yield new Blob([/** @type {BlobPart} */ (bytes.slice(4, 4 + length))]);
      bytes = bytes.subarray(4 + length);
    }
    parts = bytes.length ? [bytes] : [];
    held = bytes.length;
  }
}

/** @param {Uint8Array[]} parts @param {number} length */
function joined(parts, length) {
  if (parts.length === 1) return parts[0];
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
