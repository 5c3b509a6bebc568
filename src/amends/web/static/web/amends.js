// What is typed is not lost where the connection drops: the answers stay on the page, and are sent again.
// Without this script every form works as forms do. Nothing is kept on the device.
"use strict";
(function () {
  var summary = document.querySelector(".govuk-error-summary");
  if (summary) { summary.setAttribute("tabindex", "-1"); summary.focus(); }

  function tell(form, text) {
    var box = document.getElementById("amends-lost");
    if (!box) {
      box = document.createElement("p");
      box.id = "amends-lost";
      box.className = "amends-lost";
      box.setAttribute("role", "alert");
      form.parentNode.insertBefore(box, form);
    }
    box.textContent = text;
    box.scrollIntoView({ block: "center" });
  }

  // The page as it would be opened now: after a new sign-in its token is another.
  function refreshed(form) {
    return fetch(window.location.href, { credentials: "same-origin" }).then(function (answer) {
      if (answer.redirected) { return false; }
      return answer.text().then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var fresh = page.querySelector("#answers [name=csrfmiddlewaretoken]");
        if (fresh) { form.querySelector("[name=csrfmiddlewaretoken]").value = fresh.value; }
        return Boolean(fresh);
      });
    });
  }

  function send(form) {
    return fetch(form.getAttribute("action") || window.location.href, {
      method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "follow",
      headers: { "Amends-Kept": "yes" }
    }).then(function (answer) {
      if (answer.status >= 500) { throw new Error("server"); }
      var go = answer.headers.get("Amends-Go");
      if ((go || answer.url).indexOf("/sign-in/") >= 0) { throw new Error("signed out"); }
      if (answer.headers.get("Amends-Form") === "old") { throw new Error("token"); }
      if (go || answer.redirected) { window.location.assign(go || answer.url); return null; }
      return answer.text().then(function (text) {
        document.open(); document.write(text); document.close();
      });
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-kept]"), function (form) {
    var sending = false, again = false;
    // A page that the browser kept, and shows again after Back, is to be used like any other.
    window.addEventListener("pageshow", function (event) { if (event.persisted) { sending = false; again = true; } });
    form.addEventListener("submit", function (event) {
      if (!window.fetch || !window.FormData || !window.URLSearchParams || !window.DOMParser) { return; }
      event.preventDefault();
      if (sending) { return; }
      sending = true;
      var ready = again ? refreshed(form) : Promise.resolve(true);
      ready.then(function (fresh) {
        if (!fresh) { throw new Error("signed out"); }
        return send(form);
      }).catch(function (error) {
        sending = false;
        again = true;
        tell(form, error.message === "signed out"
          ? "You were signed out. Your answers are still here, and nothing was lost: sign in in another tab, and send them again."
          : "That could not be sent: there may be no connection. Your answers are still here, and nothing was lost: try again when you have one.");
      });
    });
  });
})();
