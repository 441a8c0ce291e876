"use strict";

/** The page of `mien experiment rate`: the server saves each rating before the next clip is shown. */
const root = document.getElementById("page");

const ENDED = "the rating program has ended: start mien experiment rate again and open its new address";

async function answerOf(request) {
  const answer = await request.catch(() => {
    throw new Error(ENDED);
  });
  const content = await answer.json();
  if (!answer.ok && answer.status !== 409) {
    throw new Error(content.error?.message ?? `The server answered ${answer.status}`);
  }
  return { content, conflict: answer.status === 409 };
}

function send(rating) {
  const body = JSON.stringify(rating);
  return answerOf(fetch("/api/ratings", { method: "POST", headers: { "Content-Type": "application/json" }, body }));
}

async function enter() {
  let problem = "";
  for (;;) {
    const code = new URLSearchParams(location.search).get("rater");
    const rater = (!problem && code) || (await askCode(root, problem));
    try {
      const { content } = await answerOf(fetch(`/api/session?rater=${encodeURIComponent(rater)}`));
      // After a reload, the page continues with the same rater.
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
    const { rater, trial } = session;
    const { content, conflict } = await rate(root, session.clip, session.settings, progress, (said) =>
      send({ ...said, rater, trial }),
    );
    problem = conflict ? "the previous clip was already rated in another window" : "";
    session = content;
  }
  thank(root, session.settings, `All ${session.total} clips are rated. You may close the page.`);
}

start().catch((error) => {
  const told = element("p", {
    textContent: `This page cannot continue: ${error.message}. Reload it. If that does not help, ${ENDED}.`,
  });
  told.setAttribute("role", "alert");
  card(root, told);
});
