/* Writes records to the kernel log, evenly: every 10 ms a batch. Takes records a second and seconds; prints what it wrote as JSON. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/klog.h>
#include <time.h>
#include <unistd.h>

#define BATCH_NS 10000000L
#define SYSLOG_ACTION_SIZE_BUFFER 10

static long long now_ns(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	long batch = atol(argv[1]) / (1000000000L / BATCH_NS);
	long batches = atol(argv[2]) * (1000000000L / BATCH_NS);
	long written = 0;
	long long late = 0;
	int fd = open("/dev/kmsg", O_WRONLY);
	if (fd < 0) {
		perror("/dev/kmsg");
		return 1;
	}
	long long start = now_ns();
	long long due = start;
	for (long n = 0; n < batches; n++) {
		struct timespec until = { due / 1000000000LL, due % 1000000000LL };
		while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
			;
		long long slip = now_ns() - due;
		if (slip > late)
			late = slip;
		/* What is late is not made up for: a double batch would be a burst that nobody asked for. */
		if (slip > BATCH_NS / 2)
			due += slip;
		due += BATCH_NS;
		for (long i = 0; i < batch; i++) {
			char text[160];
			int length = snprintf(text, sizeof text,
					      "<6>srcroute-bench: record %09ld of a flood, padded to about a hundred bytes as kernel lines are ......\n",
					      written);
			if (write(fd, text, length) == length)
				written++;
		}
	}
	printf("{\"records\":%ld,\"ms\":%.3f,\"lateMs\":%.3f,\"ringBytes\":%d}\n", written, (now_ns() - start) / 1e6, late / 1e6,
	       klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0));
	return 0;
}
