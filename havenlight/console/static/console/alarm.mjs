// @ts-check
/** The sound that says that someone waits: at once, and again until somebody takes her. */

const AGAIN_MS = 20_000
const TONES_HZ = [660, 880]
const TONE_SECONDS = 0.18
const LOUDNESS = 0.2

/**
 * @param {object} options
 * @param {HTMLInputElement} options.tick whether she wants to hear it; silent is her choice, for this window only
 * @param {() => boolean} options.isWanted whether someone waits whom she could take
 */
export function makeAlarm({ tick, isWanted }) {
  /** @type {AudioContext | null} made when first needed, which is after she typed her phrase: browsers want a gesture before a sound */
  let audio = null
  let timer = 0

  function ring() {
    if (!isWanted()) return stop()
    if (tick.checked) sound()
    timer = setTimeout(ring, AGAIN_MS)
  }

  function sound() {
    audio ??= new AudioContext()
    TONES_HZ.forEach((hertz, index) => tone(/** @type {AudioContext} */ (audio), hertz, index * TONE_SECONDS))
  }

  function stop() {
    clearTimeout(timer)
    timer = 0
  }

  return {
    /** Something about the queue or about her has changed. */
    look() {
      if (!isWanted()) stop()
      else if (!timer) ring()
    },
    isRinging: () => timer !== 0,
  }
}

/** @param {AudioContext} audio @param {number} hertz @param {number} after seconds */
function tone(audio, hertz, after) {
  const source = new OscillatorNode(audio, { frequency: hertz })
  const loudness = new GainNode(audio, { gain: 0 })
  const from = audio.currentTime + after
  // Swelling and fading: a tone that is cut off clicks.
  loudness.gain.setValueCurveAtTime([0, LOUDNESS, LOUDNESS, 0], from, TONE_SECONDS)
  source.connect(loudness).connect(audio.destination)
  source.start(from)
  source.stop(from + TONE_SECONDS)
}
