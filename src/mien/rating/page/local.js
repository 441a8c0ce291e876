"use strict";

/** The page of `mien experiment rate`: each rating is on the server's disk before the next clip is shown. */
const root = document.getElementById("page");

async function answerOf(request) {
  const answer = await request;
  const content = await answer.json();
  if (!answer.ok && answer.status !== 409) {
    const error = new Error(content.error?.message ?? `The server answered ${answer.status}`);
    error.refused = answer.status === 422 || answer.status === 400;
    throw error;
  }
  return { content, conflict: answer.status === 409 };
}

function send(rating) {
  const body = JSON.stringify(rating);
  return answerOf(fetch("/api/ratings", { method: "POST", headers: { "Content-Type": "application/json" }, body }));
}

/** Send until it is written: what a rater said must not be lost because the server was started again. */
async function sendUntilWritten(rating) {
  for (;;) {
    try {
      return await send(rating);
    } catch (error) {
      if (error.refused) throw error;
      const again = element("button", { textContent: "Send again" });
      const told = element("p", { textContent: `The rating is not saved yet: ${error.message}.` });
      told.setAttribute("role", "alert");
      card(root, told, again);
      await new Promise((resolve) => { again.addEventListener("click", resolve); });
    }
  }
}

async function enter() {
  let problem = "";
  for (;;) {
    const code = new URLSearchParams(location.search).get("rater");
    const rater = (!problem && code) || await askCode(root, problem);
    try {
      const { content } = await answerOf(fetch(`/api/session?rater=${encodeURIComponent(rater)}`));
      // A reload goes on with the same rater.
      history.replaceState(null, "", `?rater=${encodeURIComponent(content.rater)}`);
      return content;
    } catch (error) {
      problem = error.message;
    }
  }
}

async function start() {
  let session = await enter();
  if (session.clip) await introduce(root, session.settings, session.trial - 1, session.total);
  let problem = "";
  while (session.clip) {
    const progress = `Clip ${session.trial} of ${session.total}${problem && ` – ${problem}`}`;
    problem = "";
    try {
      const said = await rate(root, session.clip, session.settings, progress);
      const { content, conflict } = await sendUntilWritten({ ...said, rater: session.rater, trial: session.trial });
      if (conflict) problem = "the clip before was rated in another window already";
      session = content;
    } catch (error) {
      problem = error.message;
      session = (await answerOf(fetch(`/api/session?rater=${encodeURIComponent(session.rater)}`))).content;
    }
  }
  thank(root, session.settings, `All ${session.total} clips are rated. You may close the page.`);
}

start().catch((error) => {
  const told = element("p", { textContent: `The page cannot go on: ${error.message}. Reload it.` });
  told.setAttribute("role", "alert");
  card(root, told);
});
