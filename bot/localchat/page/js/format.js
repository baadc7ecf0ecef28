// Times, sizes, names and colours as people read them.
import { locale, say } from "./strings.js";

/** 14:05 */
export function clockTime(unix) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(unix * 1000));
}

/** Today, Yesterday, 22 November, 22 November 2025: by the server's clock. */
export function dayName(unix, now) {
  const date = new Date(unix * 1000);
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (days === 0) return say("today");
  if (days === 1) return say("yesterday");
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "long", year }).format(date);
}

/** 14:05 today, Mon this week, 22.11.26 before. */
export function shortDate(unix, now) {
  const date = new Date(unix * 1000);
  const days = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (days === 0) return clockTime(unix);
  const form = days > 0 && days < 7 ? { weekday: "short" } : { day: "2-digit", month: "2-digit", year: "2-digit" };
  return new Intl.DateTimeFormat(locale(), form).format(date);
}

/** Whether two messages were sent on one day of the person's calendar. */
export function sameDay(one, other) {
  return midnight(new Date(one * 1000)) === midnight(new Date(other * 1000));
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** 3.2 MB */
export function fileSize(bytes) {
  const power = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2;
  const unit = ["byte", "kilobyte", "megabyte"][power];
  return new Intl.NumberFormat(locale(), { style: "unit", unit, maximumFractionDigits: power ? 1 : 0 }).format(bytes / 1000 ** power);
}

/** The first letter of a name. */
export function initial(name) {
  return [...(name || "?").trim()][0]?.toUpperCase() ?? "?";
}

/** A number 0–6 that stands for a colour, always the same for one id. */
export function tint(id) {
  return Math.abs(id) % 7;
}
