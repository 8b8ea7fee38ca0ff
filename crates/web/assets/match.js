// The one box: matches while you write. <form data-match><textarea>…, <div id="matches" aria-live="polite">.
// Without it the same form is sent and the whole page comes back.
const form = document.querySelector("form[data-match]");
const target = document.getElementById("matches");
let timer, flight, last = "";

const look = async () => {
  const fields = new FormData(form);
  const text = String(fields.get("text") ?? "").trim();
  const query = new URLSearchParams(fields);
  if (text.length < 2 || query.toString() === last) return;
  last = query.toString();
  flight?.abort();
  flight = new AbortController();
  query.set("fragment", "1");
  target.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.dataset.match, { method: "POST", body: query, signal: flight.signal });
    // Errors keep the last result: the form itself still works.
    if (answer.ok) {
      const held = document.activeElement?.id;
      target.innerHTML = await answer.text();
      if (held) document.getElementById(held)?.focus();
    }
  } catch (error) {
    if (error.name !== "AbortError") last = "";
  } finally {
    target.removeAttribute("aria-busy");
  }
};

if (form && target) {
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 350); });
  form.addEventListener("change", () => { clearTimeout(timer); look(); });
  // The chips of what was read are fields of the form that stand outside it.
  target.addEventListener("change", (event) => { if (event.target.name?.startsWith("chip.")) look(); });
}
