// The coach beside the form: <form data-coach="/coach"> and <div id="coach">. The answer is a fragment.
const form = document.querySelector("form[data-coach]");
const target = document.getElementById("coach");
let timer, flight;

const ask = async () => {
  flight?.abort();
  flight = new AbortController();
  const fields = new FormData(form);
  for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
  try {
    const answer = await fetch(form.dataset.coach, { method: "POST", body: new URLSearchParams(fields), signal: flight.signal });
    if (answer.ok) target.innerHTML = await answer.text();
  } catch (error) {
    // Offline or overtaken by the next question: what the coach said last stays.
    if (error.name !== "AbortError") target.removeAttribute("aria-busy");
  }
};

if (form && target) form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 600); });
