// @ts-check
/**
 * The types that the modules share. Times are seconds, intensities are those of FACS, 0 to 5, lengths pixels of the
 * portrait at its own size; L and R are the person's own left and right.
 *
 * @typedef {"linear" | "smooth" | "minimum_jerk"} Shape
 * @typedef {"both" | "left" | "right"} Side
 *
 * @typedef {object} Envelope
 * @property {string} au
 * @property {number} onset_seconds
 * @property {number} apex_start_seconds
 * @property {number} apex_end_seconds
 * @property {number} offset_seconds
 * @property {number} peak_intensity
 * @property {Shape} shape
 *
 * @typedef {object} Design
 * @property {string} portrait
 * @property {number | "largest" | null} face
 * @property {Envelope[]} envelopes
 * @property {number} duration_seconds
 * @property {string} fps
 * @property {string} engine
 * @property {Settings} settings of the engine
 * @property {number} strength by which all intensities are multiplied when frames are made
 * @property {string} name
 * @property {number | null} seed
 * @property {string | null} emotion
 *
 * @typedef {object} TransferDesign
 * @property {string} portrait
 * @property {number | "largest" | null} face
 * @property {string} clip
 * @property {string} engine
 * @property {number} strength
 * @property {boolean} blinks
 * @property {Settings} settings of the engine
 * @property {string | null} recode
 * @property {number} threshold
 * @property {"first" | "median" | number} baseline
 * @property {number | null} start_seconds
 * @property {number | null} end_seconds
 * @property {string | null} fps
 * @property {"full" | "fast"} scale
 * @property {number | null} driver_face
 * @property {string} name
 *
 * @typedef {object} ActionUnit
 * @property {string} name
 * @property {number} number
 * @property {string} facs_name
 * @property {string} muscle
 * @property {boolean} sided
 * @property {string[]} names its own, and those of its sides
 *
 * @typedef {object} Preset
 * @property {string} name
 * @property {string} why
 * @property {Envelope[]} envelopes
 *
 * @typedef {object} Engine
 * @property {string} name
 * @property {string[]} tabs
 * @property {boolean} installed
 * @property {string | null} why_not
 * @property {"fast" | "slow"} speed
 * @property {string} text
 * @property {boolean} uses_aus whether action units move the face
 * @property {string[] | null} aus names of the AUs that it knows; null for all
 * @property {Setting[]} settings
 *
 * @typedef {string | number | boolean | null} SettingValue
 *
 * @typedef {Record<string, SettingValue>} Settings an engine's settings by name; those left out have their defaults
 *
 * @typedef {object} Setting
 * @property {string} name
 * @property {"switch" | "number" | "whole number" | "choice" | "text" | "path"} kind
 * @property {SettingValue} default
 * @property {string} help
 * @property {boolean} optional whether null is a value too
 * @property {string[]} choices
 * @property {number | null} least
 *
 * @typedef {{number: number, box_px: number[], outline_px: number[][], yaw_degrees: number, notes: string[], resting_notes: string[]}} Face
 *
 * @typedef {object} PortraitInfo
 * @property {string} id
 * @property {string} name
 * @property {number} width_px
 * @property {number} height_px
 * @property {Face[]} faces
 * @property {boolean} needs_choice
 *
 * @typedef {object} Clip
 * @property {string} id
 * @property {string} name
 * @property {number} width_px
 * @property {number} height_px
 * @property {string} fps
 * @property {number} frames
 * @property {number} duration_seconds
 * @property {number[]} times_seconds of the frames
 *
 * @typedef {object} Job
 * @property {string} id
 * @property {string} kind
 * @property {"waiting" | "running" | "done" | "failed" | "cancelled"} state
 * @property {number} done
 * @property {number | null} total
 * @property {any} result
 * @property {{kind: string, message: string} | null} error
 *
 * @typedef {object} Measurement
 * @property {string} id
 * @property {string} clip
 * @property {string} fps
 * @property {number[]} times_seconds
 * @property {Record<string, number[]>} raw
 * @property {Envelope[]} lanes
 * @property {{onset_seconds: number, apex_seconds: number, offset_seconds: number} | null} spotted
 * @property {boolean} still
 * @property {string[]} notes
 *
 * @typedef {object} Recoded
 * @property {number[]} times_seconds
 * @property {Record<string, number[]>} before
 * @property {Record<string, number[]>} after
 * @property {string[]} kept
 * @property {string[]} dropped
 * @property {number} apex_seconds
 * @property {number} rmse
 * @property {Envelope[]} lanes
 * @property {number} gain factor with which the portrait moves as far as the driver
 * @property {string[]} notes
 *
 * @typedef {"result" | "side" | "difference" | "arrows" | "versions"} View
 *
 * @typedef {Record<string, {polygons_px: number[][][]}>} Regions
 *
 * @typedef {object} About
 * @property {string} version
 * @property {string} folder
 * @property {number} me_limit_seconds
 * @property {Record<string, number>} limits
 * @property {string[]} picture_suffixes in lower case, with their dot
 */

export {};
