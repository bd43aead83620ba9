// The token stands in the fragment, which no server sees. It is kept in this page's memory alone: it is taken
// out of the address, so that it stays in no history. Nothing is sent before the person presses the button,
// since programs that look at mails open links too.
const VERIFY = "v1/identity/users/verify";
const LINKS = {
  "verify": {
    title: "Confirm your address", text: "Choose a password, and your account is ready to use.",
    send: "Confirm and set the password", to: VERIFY, password: true,
    done: "Your address is confirmed. You can sign in with your new password.",
  },
  "verify-supplier": {
    title: "Confirm your business address", text: "Choose a password, and your account is ready to use.",
    send: "Confirm and set the password", to: "v1/commerce/suppliers/verify-address", password: true,
    done: "Your address is confirmed. You can sign in with your new password.",
  },
  "invitation": {
    title: "Accept the invitation", text: "Choose a password, and you can sign in.",
    send: "Accept and set the password", to: VERIFY, password: true,
    done: "You have accepted the invitation. You can sign in with your new password.",
  },
  "reset-password": {
    title: "Choose a new password", text: "Your old password stops working, and all devices are signed out.",
    send: "Set the password", to: "v1/identity/password-resets/complete", password: true,
    done: "You have a new password. Sign in with it.",
  },
  "confirm-email": {
    title: "Confirm your new address", text: "From then on you sign in with this address.",
    send: "Confirm", to: VERIFY, password: false,
    done: "Your new address is confirmed.",
  },
};
const UNREACHABLE = "The server could not be reached. Try again in a moment.";
const element = (id) => document.getElementById(id);
const link = LINKS[location.pathname.split("/").pop()];
let token = new URLSearchParams(location.hash.slice(1)).get("token");

function show() {
  document.title = link.title;
  element("title").textContent = link.title;
  element("text").textContent = token ? link.text : "Open the link of the mail once more.";
  element("form").hidden = !token;
  element("password").hidden = !link.password;
  element("new-password").required = link.password;
  element("send").textContent = link.send;
  element("problem").textContent = "";
  history.replaceState(null, "", location.pathname);
}

async function send() {
  const body = link.password ? { token, password: element("new-password").value } : { token };
  const answer = await fetch(link.to, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    credentials: "omit", cache: "no-store",
  });
  return answer.ok ? "" : ((await answer.json()).detail ?? UNREACHABLE);
}

async function submitted(event) {
  event.preventDefault();
  element("send").disabled = true;
  element("problem").textContent = "";
  const problem = await send().catch(() => UNREACHABLE);
  element("send").disabled = false;
  element("problem").textContent = problem;
  if (!problem) {
    token = null;
    element("form").remove();
    element("text").textContent = link.done;
  }
}

if (link) {
  element("form").addEventListener("submit", submitted);
  addEventListener("hashchange", () => {
    token = new URLSearchParams(location.hash.slice(1)).get("token") ?? token;
    if (element("form")) show();
  });
  show();
}
