# check=skip=all
#Directive = no
FROM a
RUN one \

  two \   
  three
    # indented comment
  env   x=y\ z w=""
CMD [ "a" ,
