// The configuration that the stand-in image carries, in the form in which WCS comes with it: two files among others, under a link
// to the version's own folder.

/** Where `/usr/local/FlashphonerWebCallServer` leads to. */
export const versionHome = 'usr/local/FlashphonerWebCallServer-5.2';

export const confFiles: Readonly<Record<string, string>> = {
  'flashphoner.properties': `ip =
ip_local =
# webrtc ports range
media_port_from =31001
media_port_to =32000
# codecs
codecs =opus,alaw,ulaw,g729,speex16,g722,mpeg4-generic,telephone-event,h264,vp8,flv,mpv
http.port =8081
https.port =8444
ws.port =8080
wss.port =8443
`,
  'wcs-core.properties': `### SERVER OPTIONS ###
# Set this property to false to disable session debug
-DsessionDebugEnabled=false

### JVM OPTIONS ###
-Xmx1024M
#-Xcheck:jni

-Djava.net.preferIPv4Stack=true
-XX:ErrorFile=/usr/local/FlashphonerWebCallServer/logs/error%p.log
`,
};
