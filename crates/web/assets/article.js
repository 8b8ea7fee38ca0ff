// A fact and the characters it stands on light up together, under the pointer and under the focus.
const facts = document.querySelectorAll("[data-fact]");
const spans = document.querySelectorAll("[data-facts]");
const light = (numbers) => {
  for (const fact of facts) fact.classList.toggle("lit", numbers.includes(fact.dataset.fact));
  for (const span of spans) {
    const own = span.dataset.facts.split(" ");
    span.classList.toggle("lit", numbers.some((number) => own.includes(number)));
  }
};
const numbersAt = (target) => {
  const at = target instanceof Element ? target.closest("[data-fact], [data-facts]") : null;
  return at ? (at.dataset.fact ?? at.dataset.facts).split(" ") : [];
};
for (const event of ["pointerover", "focusin"]) {
  document.querySelector(".reading")?.addEventListener(event, (e) => light(numbersAt(e.target)));
}
document.querySelector(".reading")?.addEventListener("pointerleave", () => light(numbersAt(document.activeElement)));
