// @ts-check
/** Lists of numbers as people type them in any language: 1, 2; 1,5; 2,5; １．５，２. */

/**
 * @typedef {object} NumberList
 * @property {number[]} values empty if anything is wrong or unclear
 * @property {string | null} wrong the first word that is not an accepted number
 * @property {string | null} unclear text such as 1,5 that is one number in some languages and two in others
 */

/** @param {string} text with full-width digits, letters and marks */
function plain(text) {
  return text
    .replace(/[０-９Ａ-Ｅａ-ｅ．]/g, (each) => String.fromCharCode(each.charCodeAt(0) - 0xfee0))
    .replace(/[，；、]/g, ";");
}

/**
 * Read a list. Semicolons, spaces, the Chinese marks ， ； 、 and a comma before a space separate numbers. A comma within a
 * word is a decimal comma if the list has another separator; without one it could be either.
 * @param {string} text
 * @param {number} most
 * @param {string} [letters] that mean 1, 2 and so on
 * @returns {NumberList}
 */
export function numberList(text, most, letters = "") {
  const marked = plain(text).replace(/,(?=\s|$|;)|(?<=[a-z]),|,(?=[a-z])/gi, ";");
  let words = marked.split(/[\s;]+/).filter(Boolean);
  if (words.length === 1 && words[0].includes(",")) {
    const parts = words[0].split(",");
    if (parts.length === 2 && parts.every((each) => /^\d+$/.test(each)))
      return { values: [], wrong: null, unclear: words[0] };
    words = parts.filter(Boolean); // a number cannot have two commas
  }
  const values = words.map(
    (word) => (word.length === 1 && letters.indexOf(word.toUpperCase()) + 1) || Number(word.replace(",", ".")),
  );
  const wrong = values.findIndex((value) => !(value > 0 && value <= most));
  return { values: wrong < 0 ? values : [], wrong: words[wrong] ?? null, unclear: null };
}

/** The two meanings of an unclear list, each as unambiguous text. @param {string} unclear */
export function meanings(unclear) {
  return { one: unclear.replace(",", "."), two: unclear.replace(",", "; ") };
}
