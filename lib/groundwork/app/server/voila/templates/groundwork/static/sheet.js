// A page without a rail: top bar, one sentence, blocks. What a reader chooses goes to the model, the content comes back whole.

class Sheet {
  constructor(model, el) {
    this.model = model;
    this.blocks = [];
    this.asked = 0;
    this.first = model.get("content").number;
    this.context = { send: (said) => { if (said.do === "ask") this.root.dataset.asked = ++this.asked; model.send(said); }, specifications: () => model.get("specifications"), runtime: () => drawingRuntime(() => model.send({ do: "runtime" })), moment: () => ({ progress: {}, settled: true }) };
    const about = model.get("about");
    this.top = make("header.gw-top", {}, brand({ target: "_self" }), make("span.gw-industry", {}, about.title), make("nav.gw-words", { "aria-label": "Tools" }, themeWord()));
    this.said = make("h1.gw-sentence");
    this.page = make("div.gw-page");
    this.root = make("div.gw.gw-tool", {}, this.top, make("div.gw-tool-said", {}, make("p.gw-question", {}, about.question), this.said), this.page);
    el.appendChild(this.root);
    model.on("change:content", () => this.show());
    model.on("msg:custom", (said, buffers) => { if (said.runtime) takeRuntime(buffers[0]); });
    this.show();
    document.getElementById("gw-waiting")?.remove();
  }

  show() {
    const content = this.model.get("content");
    this.said.replaceChildren(...sentence(content.answer));
    content.blocks.forEach((block, place) => {
      if (!this.blocks[place]) {
        this.blocks[place] = new BLOCKS[block.kind](this.context);
        this.page.appendChild(this.blocks[place].node);
      }
      this.blocks[place].show(block, "resting");
    });
    // What a program that watches the page may wait for: all that the reader chose is answered.
    Object.assign(this.root.dataset, { asked: this.asked, answered: Math.min(this.asked, content.number - this.first) });
  }

  remove() { this.blocks.forEach((block) => block.remove?.()); }
}

export default {
  render({ model, el }) {
    const sheet = new Sheet(model, el);
    return () => sheet.remove();
  },
};
