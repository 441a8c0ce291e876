// @ts-check
/** File names that the server accepts, by the same rules as `mien.studio.names`. */

export const MAX_NAME_BYTES = 120;

// biome-ignore lint/suspicious/noControlCharactersInRegex: a file name may not contain them
const PLAIN = /^[^/\\:*?"<>|\x00-\x1f\x7f. ][^/\\:*?"<>|\x00-\x1f\x7f]*$/;
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

/** @param {string} name */
export function isPlainName(name) {
  return (
    PLAIN.test(name) &&
    !DEVICES.test(name) &&
    !/[ .]$/.test(name) &&
    new TextEncoder().encode(name).length <= MAX_NAME_BYTES
  );
}
