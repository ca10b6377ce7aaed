# escape=`
FROM windows
COPY testfile.txt c:\
RUN dir c:\ `
  && echo `
  done
ENV A=c:\x B=`"q`"
