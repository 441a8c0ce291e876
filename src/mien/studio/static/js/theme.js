// @ts-check
/** Light or dark: as the system is set, until the user chooses. */

const KEPT_AS = "mien-theme";

export function startTheme() {
  const kept = localStorage.getItem(KEPT_AS);
  if (kept) document.documentElement.dataset.theme = kept;
}

export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export function switchTheme() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(KEPT_AS, theme);
}
