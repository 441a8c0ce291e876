"""Small files in the true layouts of other programs, written by hand; each says which version's layout it follows."""

from __future__ import annotations

# ELAN 6.8, format EAF 3.0: two coders, a side in the tier's name, levels as texts, a tier of words, a tier for apexes.
ELAN = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-02-03T10:00:00+01:00" FORMAT="3.0" VERSION="3.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
        <MEDIA_DESCRIPTOR MEDIA_URL="file:///c/clip.mp4" MIME_TYPE="video/mp4" RELATIVE_MEDIA_URL="./clip.mp4"/>
        <PROPERTY NAME="URN">urn:nl-mpi-tools-elan-eaf:0</PROPERTY>
        <PROPERTY NAME="lastUsedAnnotationId">6</PROPERTY>
    </HEADER>
    <TIME_ORDER>
        <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="67"/>
        <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="100"/>
        <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="133"/>
        <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="300"/>
        <TIME_SLOT TIME_SLOT_ID="ts5" TIME_VALUE="400"/>
        <TIME_SLOT TIME_SLOT_ID="ts6" TIME_VALUE="500"/>
    </TIME_ORDER>
    <TIER DEFAULT_LOCALE="en" LINGUISTIC_TYPE_REF="default-lt" PARTICIPANT="Ann" TIER_ID="AU12L@Ann">
        <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts4">
            <ANNOTATION_VALUE>B</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="default-lt" PARTICIPANT="Ann" TIER_ID="AU12L apex@Ann">
        <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts3">
            <ANNOTATION_VALUE></ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="default-lt" PARTICIPANT="Ann" TIER_ID="AU04@Ann">
        <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts5" TIME_SLOT_REF2="ts6">
            <ANNOTATION_VALUE>doubtful</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="default-lt" PARTICIPANT="Ben" TIER_ID="AU12R@Ben">
        <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a4" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts4">
            <ANNOTATION_VALUE>C</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="speech">
        <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a5" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts6">
            <ANNOTATION_VALUE>12 o'clock</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    </TIER>
    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
    <LOCALE COUNTRY_CODE="US" LANGUAGE_CODE="en"/>
    <CONSTRAINT DESCRIPTION="Time subdivision of parent annotation's time interval, no time gaps allowed within this interval" STEREOTYPE="Time_Subdivision"/>
</ANNOTATION_DOCUMENT>
"""  # noqa: E501

# BORIS 9.12, "Export events, Tabular events", tab-separated, with two modifiers.
BORIS_TABULAR = "\n".join(
    "\t".join(cells)
    for cells in (
        ("Observation id", "Observation date", "Description", "Observation duration", "Observation type", "Source",
         "Time offset (s)", "Media duration (s)", "FPS", "Subject", "Behavior", "Behavioral category", "Modifier #1",
         "Modifier #2", "Behavior type", "Time", "Media file name", "Image index", "Image file path", "Comment"),
        *(
            ("obs1", "2026-02-03 10:00:00", "", "1.000", "Media file(s)", "player #1:clip.mp4", "0", "1.000", "25.000",
             "Ann", behaviour, "FACS", side, level, kind, time, "clip.mp4", "NA", "NA", "")
            for behaviour, side, level, kind, time in (
                ("AU12", "left", "B", "START", "0.080"),
                ("AU12", "right", "C", "START", "0.120"),
                ("AU12 apex", "left", "", "POINT", "0.160"),
                ("AU12", "left", "B", "STOP", "0.320"),
                ("AU12", "right", "C", "STOP", "0.360"),
                ("head nod", "", "", "POINT", "0.400"),
                ("AU4", "None", "", "START", "0.440"),
                ("AU4", "None", "", "STOP", "0.600"),
            )
        ),
    )
) + "\n"  # fmt: skip

# BORIS 7.4, "Export events, Tabular events": lines about the observation first, "Status" for the type.
BORIS_TABULAR_OLD = (
    "Observation id\tobs1\t\t\t\t\t\t\t\r\n\t\t\t\t\t\t\t\t\r\nMedia file(s)\t\t\t\t\t\t\t\t\r\n\t\t\t\t\t\t\t\t\r\n"
    "Player #1\tclip.mp4\t\t\t\t\t\t\t\r\n\t\t\t\t\t\t\t\t\r\n"
    "Time\tMedia file path\tTotal length\tFPS\tSubject\tBehavior\tBehavioral category\tComment\tStatus\r\n"
    "0.080\tclip.mp4\t1.000\t25.0\tAnn\tAU12L\tFACS\t\tSTART\r\n"
    "0.320\tclip.mp4\t1.000\t25.0\tAnn\tAU12L\tFACS\t\tSTOP\r\n"
)

# BORIS 9.12, "Export events, Aggregated events", comma-separated.
BORIS_AGGREGATED = "\n".join(
    ",".join(cells)
    for cells in (
        ("Observation id", "Observation date", "Description", "Observation type", "Source", "Time offset (s)",
         "Coding duration", "Media duration (s)", "FPS (frame/s)", "Subject",
         "Observation duration by subject by observation", "Behavior", "Behavioral category", "Modifier #1",
         "Modifier #2", "Behavior type", "Start (s)", "Stop (s)", "Duration (s)", "Media file name",
         "Image index start", "Image index stop", "Image file path start", "Image file path stop", "Comment start",
         "Comment stop"),
        *(
            (observation, "2026-02-03 10:00:00", "", "Media file(s)", "player #1:clip.mp4", "0", "1.000", "1.000",
             "29.970", "Ann", "1.000", behaviour, "FACS", side, level, kind, start, stop, lasts, "clip.mp4", "NA",
             "NA", "NA", "NA", "", "")
            for observation, behaviour, side, level, kind, start, stop, lasts in (
                ("obs1", "AU12", "left", "B", "STATE", "0.067", "0.300", "0.233"),
                ("obs1", "AU12 apex", "left", "", "POINT", "0.133", "0.133", "NA"),
                ("obs1", "AU4", "", "", "STATE", "0.400", "0.501", "0.101"),
                ("obs2", "AU1", "both", "A", "STATE", "0.100", "0.200", "0.100"),
            )
        ),
    )
) + "\n"  # fmt: skip

# OpenFace 3.0 (openface-test 0.1.26), "openface detect-video": no times, the eight AUs as a list.
OPENFACE3 = """timestamp,video_path,frame_index,face_id,face_detection,landmarks,emotion,gaze_yaw,gaze_pitch,action_units
2026-02-03 10:00:00,clip.mp4,0,0.0,"[10.0, 20.0, 90.0, 110.0, 0.99]","[[1.0, 2.0]]",0.0,0.1,-0.1,"[[0.1, 0.0, 0.2, 0.0, -0.05, 0.3, 0.0, 0.0]]"
2026-02-03 10:00:00,clip.mp4,1,0.0,"[10.0, 20.0, 90.0, 110.0, 0.98]","[[1.0, 2.0]]",1.0,0.1,-0.1,"[[0.1, 0.0, 0.2, 0.4, 0.0, 0.9, 0.6, 0.0]]"
2026-02-03 10:00:01,clip.mp4,2,,,,,,,
2026-02-03 10:00:01,clip.mp4,3,0.0,"[10.0, 20.0, 90.0, 110.0, 0.97]","[[1.0, 2.0]]",1.0,0.1,-0.1,"[[0.1, 0.0, 0.2, 0.4, 0.0, 0.7, 0.2, 0.0]]"
"""  # noqa: E501

# py-feat 2.0, Fex.to_csv of a video: 20 AUs as probabilities, a rounded time, a frame without a face.
FEX = """FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore,AU01,AU02,AU04,AU05,AU06,AU07,AU09,AU10,AU11,AU12,AU14,AU15,AU17,AU20,AU23,AU24,AU25,AU26,AU28,AU43,anger,input,frame,approx_time,Identity
231.3,213.9,662.0,662.0,0.99,0.1,0.1,0.05,0.1,0.2,0.3,0.1,0.1,0.4,0.2,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.0,0.01,clip.mp4,0,00:00,Person_0
231.3,213.9,662.0,662.0,0.98,0.1,0.1,0.05,0.1,0.9,0.3,0.1,0.1,0.4,0.95,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.0,0.01,clip.mp4,1,00:00,Person_0
,,,,,,,,,,,,,,,,,,,,,,,,,,clip.mp4,2,00:00,
231.3,213.9,662.0,662.0,0.97,0.1,0.1,0.05,0.1,0.4,0.3,0.1,0.1,0.4,0.55,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.0,0.01,clip.mp4,3,00:00,Person_0
"""  # noqa: E501

# LibreFace 0.2.0, table of a video: presence of twelve AUs, intensities of twelve; a frame without a face has no row.
LIBREFACE = """frame_idx,frame_time_in_ms,pitch,yaw,roll,au_1,au_2,au_4,au_6,au_7,au_10,au_12,au_14,au_15,au_17,au_23,au_24,au_1_intensity,au_2_intensity,au_4_intensity,au_5_intensity,au_6_intensity,au_9_intensity,au_12_intensity,au_15_intensity,au_17_intensity,au_20_intensity,au_25_intensity,au_26_intensity,facial_expression,gaze_yaw,gaze_pitch
0,0.0,1.0,2.0,3.0,0,0,0,0,0,0,0,0,0,0,0,0,0.0,0.0,0.1,0.0,0.2,0.0,0.3,0.0,0.0,0.0,0.0,0.0,Neutral,1.0,2.0
1,33.333,1.0,2.0,3.0,0,0,0,1,1,0,1,0,0,0,0,0,0.0,0.0,0.1,0.0,1.2,0.0,2.25,0.0,0.0,0.0,1.0,0.0,Happiness,1.0,2.0
3,100.0,1.0,2.0,3.0,0,0,0,1,0,0,1,0,0,0,0,0,0.0,0.0,0.1,0.0,0.8,0.0,1.5,0.0,0.0,0.0,0.5,0.0,Happiness,1.0,2.0
"""  # noqa: E501

# FaceReader 9, detailed log exported as text: lines about the analysis, then levels; a frame that was not fitted.
FACEREADER = """Video analysis detailed log
Face Model:\tGeneral
Calibration:\tNone
Start time:\t3-2-2026 10:00:00.000
Filename:\tC:\\clip.avi
Frame rate:\t25

Video Time\tNeutral\tHappy\tAction Unit 01 - Inner Brow Raiser\tAction Unit 12 - Lip Corner Puller\tLeft Action Unit 12 - Lip Corner Puller\tRight Action Unit 12 - Lip Corner Puller\tAction Unit 27 - Mouth Stretch
00:00:00.000\t0.9\t0.1\tNotActive\tNotActive\tNotActive\tNotActive\tNotActive
00:00:00.040\t0.5\t0.5\tNotActive\tB\tC\tA\tNotActive
00:00:00.080\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED\tFIT_FAILED
00:00:00.120\t0.5\t0.5\tA\tC\tE\tNotActive\tNotActive
"""  # noqa: E501

# iMotions 10, export of AFFDEX: 24 lines of metadata, the header in line 25, a row of another sensor, a repeated row.
IMOTIONS = (
    "\n".join(
        (
            "#INFO",
            "#Study name,Smiles",
            "#Respondent Name,R3,0f8fad5b-d9cb-469f-a165-70867728950e",
            "#Respondent Age,0",
            "#Respondent Gender,FEMALE",
            "#Respondent Group,Default",
            "#iMotions Version,10.0.37173.5",
            "#METADATA",
            "#Recording time,Date: 02/03/2026,Time: 10:00:00.911 +01:00,Unix time: 1770109200911",
            "#Export time,Date: 02/03/2026,Time: 11:00:00.000 +01:00",
            *(f"#Sensor {i},Affectiva AFFDEX,Manufacturer: Affectiva" for i in range(13)),
            "#DATA",
        )
    )
    + """
Row,Timestamp,EventSource,SlideEvent,StimType,Duration,CollectionPhase,SourceStimuliName,EventSource,SampleNumber,Anger,Joy,Attention,Brow Furrow,Brow Raise,Cheek Raise,Inner Brow Raise,Smile,Smirk,Mouth Open,Blink,Pitch,Respondent Annotations active
1,0,1,StartSlide,TestImage,5000,1,Image,,,,,,,,,,,,,,,
2,12.5,3,,,,,Image,3,1,0.1,0.2,97.1,1.5,0,0,0,2.5,0,0,0,1.1,
3,20,7,,,,,Image,3,1,0.1,0.2,97.1,1.5,0,0,0,2.5,0,0,0,1.1,
4,52.5,3,,,,,Image,3,2,0.1,0.2,97.1,0.5,0,20,0,80,1,10,0,1.1,
5,92.5,3,,,,,Image,3,3,0.1,0.2,97.1,,,,,,,,,,
6,132.5,3,,,,,Image,3,4,0.1,0.2,97.1,0,0,10,0,60,1,0,0,1.1,
"""  # noqa: E501
)

FILES = {
    "elan": ("clip.eaf", ELAN),
    "boris-tabular": ("clip.tsv", BORIS_TABULAR),
    "boris-aggregated": ("clip.csv", BORIS_AGGREGATED),
    "openface3": ("clip.csv", OPENFACE3),
    "fex": ("clip.csv", FEX),
    "libreface": ("clip.csv", LIBREFACE),
    "facereader": ("clip.txt", FACEREADER),
    "imotions": ("clip.csv", IMOTIONS),
}
"""A file name and a text for each format that is not Mien's own or OpenFace 2's."""
