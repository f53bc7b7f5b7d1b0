// Saves the marks typed into the page as manual.csv, and keeps the page from being closed unsaved.
const fields = [...document.querySelectorAll("form[data-student]")];
let saved = true;

function quoted(text) {
  // No formula for a spreadsheet: `mark` takes the apostrophe off again.
  if (/^'*[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function table() {
  const lines = ["student,lesson,cell,max_points,points,comment"];
  for (const form of fields) {
    const { student, lesson, cell, most } = form.dataset;
    const points = form.elements.points.value.trim();
    const comment = form.elements.comment.value.trim().replace(/\s+/g, " ");
    lines.push([student, lesson, cell, most, points, comment].map(quoted).join(","));
  }
  return lines.join("\n") + "\n";
}

function count() {
  const given = fields.filter((form) => form.elements.points.value.trim() !== "").length;
  document.getElementById("given").textContent = `${given} of ${fields.length} marked`;
}

for (const form of fields) {
  form.addEventListener("input", () => {
    saved = false;
    count();
  });
  // Enter goes on to the next answer.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const next = fields[fields.indexOf(form) + 1];
    (next ? next.elements.points : document.getElementById("save")).focus();
  });
}

const save = document.getElementById("save");
if (save) {
  document.getElementById("saving").hidden = false;
  count();
  save.addEventListener("click", () => {
    const invalid = fields.find((form) => !form.reportValidity());
    if (invalid) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([table()], { type: "text/csv" }));
    link.download = "manual.csv";
    link.click();
    saved = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!saved) event.preventDefault();
  });
}
