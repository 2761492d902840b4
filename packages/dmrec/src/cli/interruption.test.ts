import { afterEach, expect, it, vi } from "vitest";
import { interruptionSignal } from "./interruption";

afterEach(() => {
  vi.restoreAllMocks();
});

it("takes a signal that is forwarded at once for the first one, and ends immediately after a later one", () => {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => {
    throw new Error("ended");
  });
  const now = vi.spyOn(performance, "now").mockReturnValue(10_000);
  const messages: string[] = [];
  const { abortSignal, release } = interruptionSignal((message) => messages.push(message));
  try {
    process.emit("SIGINT");
    now.mockReturnValue(10_020);
    process.emit("SIGINT");
    expect(abortSignal.aborted).toBe(true);
    expect(messages).toHaveLength(1);
    expect(exit).not.toHaveBeenCalled();
    now.mockReturnValue(10_600);
    expect(() => process.emit("SIGINT")).toThrow("ended");
    expect(exit).toHaveBeenCalledWith(130);
  } finally {
    release();
  }
});
