FROM busybox
RUN <<EOF
echo one
# not a comment
echo two \
EOF
RUN <<-"EOT" sh -ex
	echo $tabs
	EOT
RUN <<A cat > /a && 3<<B cat > /b
first
A
second
B
COPY <<one.txt <<'two.txt' plain /dir/
hello $NAME
one.txt
raw $NAME
two.txt
COPY --chmod=600 <<-EOF /tabbed
		deep
	text
	EOF
ONBUILD RUN <<EOF
trigger
EOF
RUN echo x1<<2 "<<NOT" '<<NOT' a<<b
RUN ["cat", "<<EOF"]
RUN echo <<<here
ENV A=<<EOF
