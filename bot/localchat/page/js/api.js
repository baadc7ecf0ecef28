// Talking to the server: reading, acting, and the stream of events.

/** Read something of /control. */
export async function read(name, query = {}) {
  const address = `/control/${name}?${new URLSearchParams(query)}`;
  return answer(await fetch(address));
}

/** Carry out an action; a refusal is thrown as an Error with the server's sentence. */
export async function act(name, details = {}) {
  return answer(
    await fetch(`/control/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(details),
    }),
  );
}

async function answer(response) {
  const body = await response.json();
  if (!body.ok) throw new Error(body.description);
  return body.result;
}

/** Listen for events until the page is closed; `onopen` is called at the start and after every interruption. */
export function listen(onopen, onevent) {
  const source = new EventSource("/control/events");
  source.onopen = onopen;
  source.onmessage = (event) => onevent(JSON.parse(event.data));
  addEventListener("pagehide", () => source.close());
}
