// @ts-check
/** Names that the server takes for files, as `mien.studio.names` has them. */

export const MAX_NAME_BYTES = 120;

// biome-ignore lint/suspicious/noControlCharactersInRegex: no name of a file may have them
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
