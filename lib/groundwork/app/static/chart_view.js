// One chart: the specification arrives once, then only rows. Width is the front end's business.
async function runtime() {
  for (;;) {
    if (globalThis.groundworkVegaEmbed) return globalThis.groundworkVegaEmbed;
    await new Promise((done) => requestAnimationFrame(done));
  }
}

function insert(view, data) {
  for (const [name, rows] of Object.entries(data)) view.data(name, rows);
}

async function render({ model, el }) {
  const frame = document.createElement("div");
  frame.className = "gw-chart";
  frame.setAttribute("role", "img");
  el.appendChild(frame);
  const embed = await runtime();
  const spec = model.get("spec");
  const { view, finalize } = await embed(frame, spec, { actions: false, renderer: "svg" });
  let ready = true;
  const show = async () => {
    if (!ready) return;
    insert(view, model.get("data"));
    frame.setAttribute("aria-label", model.get("description"));
    await view.runAsync();
    globalThis.groundworkDrawn = (globalThis.groundworkDrawn || 0) + 1;
  };
  const fit = new ResizeObserver(([entry]) => {
    const room = entry.contentRect.width - model.get("padding");
    if (room > 0 && ready) view.width(Math.floor(room)).runAsync();
  });
  fit.observe(frame);
  model.on("change:data", show);
  await show();
  return () => {
    ready = false;
    fit.disconnect();
    model.off("change:data", show);
    finalize();
  };
}
export default { render };
