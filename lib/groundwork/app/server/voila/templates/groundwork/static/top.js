// What stands at the top of every page of ours: the mark that leads home, and the word that turns light into dark.

function brand(attributes = {}) {
  const mark = make("span.gw-mark", { "aria-hidden": "true" }, make("i"), make("i"), make("i"));
  return make("a.gw-brand", { href: "index.ipynb", ...attributes }, mark, "Groundwork");
}

function themeWord() {
  const root = document.documentElement;
  const word = make("button.gw-top-word", { type: "button", onclick: () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    const address = new URL(location.href);
    address.searchParams.set("theme", root.dataset.theme);
    if (document.body.dataset.voila) history.replaceState(null, "", address);
    name();
  } });
  const name = () => { word.textContent = root.dataset.theme === "dark" ? "Light" : "Dark"; };
  root.dataset.theme ||= matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  name();
  return word;
}
