/**
 * The one script of the page for owners: sends what somebody wrote to the address that the page came from, and shows the answer as text.
 * The same words are sent under the same key, so that pressing twice, or again after a lost answer, is said once.
 */
import { type Html, html } from "../../pack/page/html.ts";

export const keepScript: Html = html`
const form = document.querySelector("form");
const answer = document.getElementById("answer");
const button = form.querySelector("button");
let last = null;
let key = "";
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
const show = (text, kind) => { answer.className = kind; answer.textContent = text; };
const sentence = (problem) => [problem.title, problem.detail].filter((part) => typeof part === "string").join(": ");
const send = async (reason) => {
  if (reason !== last) key = newKey();
  last = reason;
  const response = await fetch(location.pathname, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key, Accept: "application/json" },
    body: JSON.stringify({ reason }),
    redirect: "error",
  });
  const said = await response.json().catch(() => ({}));
  if (response.ok && said.word && said.word.confirmed) return show("Kept. It counts as used from now on.", "good");
  if (response.ok) return show("Noted: Microsoft Graph is asked whether you own it. Until then nothing is done to it.", "good");
  if (response.status === 401) return show("Your sign-in has ended. Open the link again, and sign in.", "bad");
  return show(sentence(said) || "The app answered with status " + response.status + ". Try again later.", "bad");
};
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const reason = form.elements.reason.value.trim();
  if (reason === "") return show("Say why it is needed.", "bad");
  button.disabled = true;
  show("Sending", "");
  send(reason)
    .catch(() => show("The app could not be reached. Try again: what you say is counted once.", "bad"))
    .finally(() => { button.disabled = answer.className === "good"; });
});
`;
